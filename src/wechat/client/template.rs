//! Template messages (模板消息): notices in a form that the platform approved.
//!
//! `client_msg_id` is the only promise against doubles that the platform gives: the same id to
//! the same person within ten minutes is delivered at most once. An answer means *accepted*; the
//! delivery is told later, by an event with the same message id.
//!
//! Deliberately absent: the words of a notice, and the check of its values ([`super::fields`]).

use super::{Client, ClientError, Interface};
use crate::wechat::account::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A notice in the form of one template. It does not print: it names a person.
#[derive(Clone, PartialEq, Eq)]
pub struct TemplateMessage {
    /// To whom.
    pub openid: String,
    /// The account's own id of the template.
    pub template_id: String,
    /// The page behind the notice.
    pub url: Option<String>,
    /// Keyword key (`thing4`, …) and its value, fitted by [`super::fields::fit`].
    pub fields: Vec<(String, String)>,
    /// Tells a repeat; 32 characters on the wire, the most that the platform takes.
    pub client_msg_id: Uuid,
}

/// One template that the account owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateDefinition {
    /// The account's own id of the template.
    pub id: String,
    /// Its title, which readers see above the fields.
    pub title: String,
    /// Its text, one line a field.
    pub content: String,
    /// Label and key of each field, in order: `("诉求编号", "character_string1")`.
    pub keywords: Vec<(String, String)>,
}

/// Where what fills a template differs from what it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Keys that are filled, and that the template has not.
    pub unknown: Vec<String>,
    /// Keys of the template that nothing fills: the platform refuses such a message.
    pub unfilled: Vec<String>,
    /// Keys that take only words that the platform approved beforehand.
    pub fixed: Vec<String>,
}

impl TemplateDefinition {
    /// Compares the account's own template with what we fill it with.
    pub fn difference(&self, ours: &Template) -> Difference {
        let keys = || self.keywords.iter().map(|(_, key)| key);
        Difference {
            unknown: ours
                .keywords
                .keys()
                .filter(|ours| !keys().any(|key| key == *ours))
                .cloned()
                .collect(),
            unfilled: keys().filter(|key| !ours.keywords.contains_key(*key)).cloned().collect(),
            fixed: keys().filter(|key| key.starts_with("const")).cloned().collect(),
        }
    }
}

#[derive(Deserialize)]
struct Accepted {
    msgid: i64,
}

#[derive(Deserialize)]
struct Listed {
    template_list: Vec<ListedTemplate>,
}

#[derive(Deserialize)]
struct ListedTemplate {
    template_id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    content: String,
}

impl Client {
    /// Hands a notice to the platform; returns the message id of its later delivery event.
    pub async fn send_template(
        &self,
        account: &str,
        message: &TemplateMessage,
    ) -> Result<i64, ClientError> {
        let fields: Map<String, Value> = message
            .fields
            .iter()
            .map(|(key, value)| (key.clone(), json!({ "value": value })))
            .collect();
        let mut body = json!({
            "touser": message.openid,
            "template_id": message.template_id,
            "data": fields,
            "client_msg_id": message.client_msg_id.simple().to_string(),
        });
        if let (Some(url), Some(body)) = (&message.url, body.as_object_mut()) {
            body.insert("url".to_owned(), json!(url));
        }
        let template = Some(message.template_id.as_str());
        let accepted: Accepted =
            self.call(account, Interface::TemplateSend, template, Some(&body)).await?;
        Ok(accepted.msgid)
    }

    /// The templates that the account owns.
    pub async fn templates(&self, account: &str) -> Result<Vec<TemplateDefinition>, ClientError> {
        let listed: Listed = self.call(account, Interface::TemplateList, None, None).await?;
        Ok(listed
            .template_list
            .into_iter()
            .map(|template| TemplateDefinition {
                keywords: keywords(&template.content),
                id: template.template_id,
                title: template.title,
                content: template.content,
            })
            .collect())
    }
}

/// Label and key of each `标签：{{key.DATA}}` in a template's text.
pub fn keywords(content: &str) -> Vec<(String, String)> {
    content.lines().flat_map(keywords_of_line).collect()
}

fn keywords_of_line(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((label, after)) = rest.split_once("{{") {
        let Some((key, after)) = after.split_once("}}") else { break };
        if let Some(key) = key.trim().strip_suffix(".DATA") {
            let label = label.trim().trim_end_matches(['：', ':']).trim();
            found.push((label.to_owned(), key.to_owned()));
        }
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &str, expected: &[(&str, &str)]) {
        let found = keywords(content);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(label, key)| (label.as_str(), key.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_that_is_no_field_is_passed_over() {
        check("", &[]);
        check("尊敬的用户\n{{broken\n{{other.VALUE}}\n编号：{{.DATA", &[]);
    }

    #[test]
    fn fields_are_read_in_order_with_either_colon() {
        check(
            "诉求编号：{{character_string1.DATA}}\r\n地点: {{thing4.DATA}}\n状态：{{const8.DATA}}",
            &[("诉求编号", "character_string1"), ("地点", "thing4"), ("状态", "const8")],
        );
    }

    #[test]
    fn old_templates_have_fields_without_a_label_or_two_on_a_line() {
        check(
            "{{first.DATA}}\n时间：{{keyword1.DATA}} 地点：{{keyword2.DATA}}\n{{remark.DATA}}",
            &[("", "first"), ("时间", "keyword1"), ("地点", "keyword2"), ("", "remark")],
        );
    }
}
