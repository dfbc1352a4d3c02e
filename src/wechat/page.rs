//! Pages of ours inside of the app: how the platform is asked who visits them, and how a page is
//! signed that uses the phone's camera or place (JS-SDK).
//!
//! Deliberately absent: fetching tickets and exchanging codes; the client does that.

use sha1::{Digest, Sha1};
use std::fmt::Write as _;
use url::Url;

/// The address that sends a visitor on to `back` with a code (网页授权, silently). The order of
/// the parameters and the part behind `#` matter to the platform.
pub fn authorise_address(host: &Url, app_id: &str, back: &str, state: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("appid", app_id)
        .append_pair("redirect_uri", back)
        .append_pair("response_type", "code")
        .append_pair("scope", "snsapi_base")
        .append_pair("state", state)
        .finish();
    let host = host.as_str().trim_end_matches('/');
    format!("{host}/connect/oauth2/authorize?{query}#wechat_redirect")
}

/// The signature of a page: `url` is its address as the browser shows it, without what follows `#`.
pub fn signature(ticket: &str, nonce: &str, timestamp: i64, url: &str) -> String {
    let url = url.split('#').next().unwrap_or(url);
    let signed = format!("jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}");
    Sha1::digest(signed).iter().fold(String::new(), |mut hex, byte| {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: &str =
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";

    #[test]
    fn a_page_is_signed_as_the_platform_published_it() {
        let url = "http://mp.weixin.qq.com?params=value";
        let expected = "0f9de62fce790f9a083d5c99e95740ceb90c27ed";
        assert_eq!(signature(TICKET, "Wm3WZYTPz0wzccnW", 1_414_587_457, url), expected);
        let further = format!("{url}#part");
        assert_eq!(signature(TICKET, "Wm3WZYTPz0wzccnW", 1_414_587_457, &further), expected);
    }

    #[test]
    fn a_visitor_is_sent_with_the_parameters_in_the_order_that_the_platform_wants() {
        let host = Url::parse("https://open.weixin.qq.com").unwrap();
        let address = authorise_address(&host, "wx1", "https://a.example/m/in", "abc");
        assert_eq!(
            address,
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=\
             https%3A%2F%2Fa.example%2Fm%2Fin&response_type=code&scope=snsapi_base&state=abc\
             #wechat_redirect"
        );
    }
}
