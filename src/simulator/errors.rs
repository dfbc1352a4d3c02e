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
            40016 | 40023 => "invalid button size",
            40015 | 40017 | 40024 => "invalid button type",
            40018 | 40025 => "invalid button name size",
            40019 | 40026 => "invalid button key size",
            40020 | 40027 => "invalid button url size",
            40031 => "invalid openid list",
            40032 => "invalid openid list size",
            40033 => {
                "invalid charset. please check your request, if include \\uxxxx will create fail"
            }
            40035 | 40058 => "invalid parameter",
            40037 => "invalid template_id",
            40052 => "invalid action name",
            40053 => "invalid action info, please check document",
            40054 | 40055 => "invalid button url domain",
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
            43101 => "user refuse to accept the msg",
            43004 => "require subscribe",
            43019 => "require remove blacklist",
            44002 => "empty post data",
            44003 => "empty news data",
            44004 => "empty content",
            45002 => "content size out of limit",
            45008 => "article size out of limit",
            45009 => "reach max api daily quota limit",
            45011 => "api minute-quota reach limit, must slower",
            45015 => "response out of time limit or subscription is canceled",
            45029 => "qrcode count out of limit",
            45047 => "out of response count limit",
            45056 => "too many tags now, no need to add new",
            45058 => "can't modify sys tag",
            45059 => "can not tag a user with more than 20 tags",
            45064 => "no permission to use weapp in menu",
            45072 => "command is not in the list",
            45080 => "no interaction in the last 30 seconds",
            45081 => "already typing",
            45157 => "invalid tag name",
            45158 => "tag name too long",
            45159 => "invalid tag id",
            46003 => "menu no exist",
            45162 => "invalid news articles",
            47001 => "data format error",
            93000 => "invalid webhook url",
            48001 => "api unauthorized",
            49003 => "not match openid with appid",
            65301 => "not exist menuid openid",
            65302 => "no such user",
            65303 => "there is no selfmenu, please create selfmenu first",
            65304 => "match rule empty",
            65308 => "the selfbutton has no action",
            65316 => "the conditionalmenu has too many foreign domains",
            65320 => "invalid matchrule: privacy fields",
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
