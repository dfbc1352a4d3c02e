//! The platform's own words for what it refuses.

use serde_json::{Value, json};

/// A refusal: always sent with HTTP 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) errcode: i64,
    pub(super) errmsg: String,
}

impl Refusal {
    /// The refusal with the words that usually go with `errcode`.
    pub(super) fn of(errcode: i64) -> Self {
        let errmsg = match errcode {
            -1 => "system error",
            40001 => "invalid credential, access_token is invalid or not latest",
            40002 => "invalid grant_type",
            40003 => "invalid openid",
            40004 => "invalid media type",
            40005 => "invalid file type",
            40007 => "invalid media_id",
            40008 => "invalid message type",
            40009 => "invalid image size",
            40010 => "invalid voice size",
            40011 => "invalid video size",
            40012 => "invalid thumb size",
            40013 => "invalid appid",
            40014 => "invalid access_token",
            40029 => "invalid code",
            40035 => "invalid parameter",
            40037 => "invalid template_id",
            40066 => "invalid url",
            40163 => "code been used",
            40125 => "invalid appsecret",
            41001 => "access_token missing",
            41002 => "appid missing",
            41004 => "appsecret missing",
            41005 => "media data missing",
            41006 => "media_id missing",
            41008 => "missing code",
            42001 => "access_token expired",
            42003 => "oauth_code expired",
            43001 => "require GET method",
            43002 => "require POST method",
            40058 => "invalid parameter",
            43101 => "user refuse to accept the msg",
            43004 => "require subscribe",
            43019 => "require remove blacklist",
            44002 => "empty post data",
            44004 => "empty content",
            45002 => "content size out of limit",
            45009 => "reach max api daily quota limit",
            45011 => "api minute-quota reach limit, must slower",
            45015 => "response out of time limit or subscription is canceled",
            45047 => "out of response count limit",
            45072 => "command is not in the list",
            45080 => "no interaction in the last 30 seconds",
            45081 => "already typing",
            47001 => "data format error",
            93000 => "invalid webhook url",
            48001 => "api unauthorized",
            _ => "refused",
        };
        Self { errcode, errmsg: errmsg.to_owned() }
    }

    /// A value that the template does not take.
    pub(super) fn bad_field(key: &str) -> Self {
        Self { errcode: 47003, errmsg: format!("argument invalid! data.{key}.value invalid") }
    }

    /// As the platform sends it: with an id that its support could look up.
    pub(super) fn body(&self, request_id: &str) -> Value {
        json!({ "errcode": self.errcode, "errmsg": format!("{} rid: {request_id}", self.errmsg) })
    }
}
