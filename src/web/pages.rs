//! Pages for phones that need no sign-in.
//!
//! Deliberately absent: anything about a single person or ticket.

use super::Site;
use crate::telemetry::Chain;
use actix_web::{HttpResponse, http::header, web::Data};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

const PRIVACY: &str = include_str!("../../templates/pages/privacy.html");
const NOT_FOUND: &str = include_str!("../../templates/pages/not_found.html");
const STYLE: &str = include_str!("../../templates/pages/page.css");

/// What the privacy notice has to know.
#[derive(Serialize)]
struct Privacy<'a> {
    county: &'a str,
    contact: &'a str,
    hotline: &'a str,
    office_hours: &'a str,
}

/// The privacy notice, with the county's own name and contact.
pub(super) async fn privacy(site: Data<Site>) -> HttpResponse {
    let app = &site.app;
    let county = match app.county_at(app.clock.now()).await {
        Ok(county) => county,
        Err(error) => {
            tracing::error!(error = %Chain(&error), "could not show the privacy notice");
            return HttpResponse::ServiceUnavailable().finish();
        }
    };
    let settings = county.settings();
    page(
        PRIVACY,
        Privacy {
            county: &settings.county_name,
            contact: &settings.privacy_contact,
            hotline: &settings.hotline,
            office_hours: &settings.office_hours,
        },
    )
}

/// How pages look.
pub(super) async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(STYLE)
}

/// Nothing is here.
pub(super) async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/html; charset=utf-8").body(NOT_FOUND)
}

fn page(template: &str, context: impl Serialize) -> HttpResponse {
    match render(template, context) {
        Ok(html) => HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(error = %Chain(&error), "a page cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

fn render(template: &str, context: impl Serialize) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.template_from_str(template)?.render(minijinja::value::Serde(context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_privacy_notice_names_the_county_and_escapes_what_it_names() {
        let context =
            Privacy {
                county: "云溪<县>", contact: "0310-1234567", hotline: "", office_hours: ""
            };
        let html = render(PRIVACY, context).unwrap();
        assert!(html.contains("云溪&lt;县&gt;"), "{html}");
        assert!(html.contains("0310-1234567"));
    }

    #[test]
    fn before_the_county_is_imported_the_notice_is_whole_all_the_same() {
        let context = Privacy { county: "", contact: "", hotline: "", office_hours: "" };
        let html = render(PRIVACY, context).unwrap();
        assert!(html.contains("本县"), "{html}");
        assert!(!html.contains("：</"), "a label without anything behind it: {html}");
    }
}
