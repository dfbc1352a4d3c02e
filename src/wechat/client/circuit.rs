//! Which interfaces rest, why, and until when.
//!
//! An account whose secret, address or quota is wrong gets the same refusal for every message.
//! So the first one opens the circuit of (account, interface), or of one template, until a moment
//! that fits the reason; messages stay queued meanwhile. When the moment has come one call is let
//! through as a probe: it closes the circuit, or opens it again.
//!
//! State of this process; whoever keeps it elsewhere hears what changed ([`Circuits::news`]) and can
//! have it recalled after a restart. Time comes in as an argument.
//!
//! Deliberately absent: what is to be done with the messages that wait.

use super::{Class, ConfigReason, Interface};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

// A probe that has not reported by then never will: its task was stopped.
const PROBE: TimeDelta = TimeDelta::seconds(60);

/// The circuits of all accounts.
#[derive(Debug, Default)]
pub struct Circuits {
    open: Mutex<BTreeMap<Place, Open>>,
    told: Mutex<Told>,
}

/// What changed since somebody asked, and what is known to work.
#[derive(Debug, Default)]
struct Told {
    news: BTreeMap<Place, Option<OpenCircuit>>,
    works: BTreeSet<Place>,
}

/// What can rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The account's slug.
    pub account: String,
    /// The interface.
    pub interface: Interface,
    /// One template of it; none where it is the whole interface.
    pub template: Option<String>,
}

#[derive(Debug, Clone)]
struct Open {
    reason: ConfigReason,
    until: DateTime<Utc>,
    probed: Option<DateTime<Utc>>,
}

/// A circuit that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCircuit {
    /// The account's slug.
    pub account: String,
    /// What rests.
    pub interface: Interface,
    /// The one template that rests; none where the whole interface does.
    pub template: Option<String>,
    /// Why.
    pub reason: ConfigReason,
    /// Until then nothing is tried; from then on one probe at a time.
    pub until: DateTime<Utc>,
}

impl Circuits {
    /// Whether a call may be made now. Past the end of a rest only the first who asks may, until
    /// the outcome is noted.
    pub fn allows(
        &self,
        account: &str,
        interface: Interface,
        template: Option<&str>,
        now: DateTime<Utc>,
    ) -> bool {
        let mut circuits = self.circuits();
        let places = places(account, interface, template);
        let allowed = places
            .iter()
            .filter_map(|place| circuits.get(place))
            .all(|open| open.until <= now && open.probed.is_none_or(|at| at + PROBE <= now));
        if allowed {
            for place in &places {
                if let Some(open) = circuits.get_mut(place) {
                    open.probed = Some(now);
                }
            }
        }
        allowed
    }

    /// Notes what became of a call.
    pub fn note(
        &self,
        account: &str,
        interface: Interface,
        template: Option<&str>,
        outcome: Class,
        now: DateTime<Utc>,
    ) {
        let mut circuits = self.circuits();
        let places = places(account, interface, template);
        match outcome {
            Class::Config(reason) => {
                // Without a template there is nothing smaller that could rest.
                let narrow = reason == ConfigReason::Template;
                let place = if narrow { places.last() } else { places.first() };
                let until = rest(reason, now);
                tracing::error!(
                    account,
                    interface = interface.name(),
                    ?reason,
                    %until,
                    "the platform refuses until somebody sets it right; messages wait"
                );
                if let Some(place) = place {
                    circuits.insert(place.clone(), Open { reason, until, probed: None });
                    self.tell(place, Some(opened(place, reason, until)));
                }
            }
            // The platform looked at the message itself, so the channel works.
            Class::Ok | Class::User(_) | Class::Data => {
                for place in &places {
                    circuits.remove(place);
                    self.tell(place, None);
                }
            }
            // Says nothing about the reason: the next call is the probe.
            Class::Retry { .. } | Class::Reauth | Class::Unknown => {
                for place in &places {
                    if let Some(open) = circuits.get_mut(place) {
                        open.probed = None;
                    }
                }
            }
        }
    }

    /// Every circuit that is not closed: for health and for the console.
    pub fn open(&self) -> Vec<OpenCircuit> {
        self.circuits()
            .iter()
            .map(|(place, open)| OpenCircuit {
                account: place.account.clone(),
                interface: place.interface,
                template: place.template.clone(),
                reason: open.reason,
                until: open.until,
            })
            .collect()
    }

    /// What opened, and what was found to work, since this was asked last: each once.
    pub fn news(&self) -> Vec<(Place, Option<OpenCircuit>)> {
        std::mem::take(&mut self.told().news).into_iter().collect()
    }

    /// Something that another process, or this one before its restart, found to rest.
    pub fn recall(&self, known: &OpenCircuit) {
        let place = Place {
            account: known.account.clone(),
            interface: known.interface,
            template: known.template.clone(),
        };
        let open = Open { reason: known.reason, until: known.until, probed: None };
        self.circuits().entry(place).or_insert(open);
    }

    /// News that whoever asked could not keep.
    pub fn tell_again(&self, news: Vec<(Place, Option<OpenCircuit>)>) {
        let mut told = self.told();
        for (place, opened) in news {
            // What happened since is newer.
            told.news.entry(place).or_insert(opened);
        }
    }

    fn tell(&self, place: &Place, opened: Option<OpenCircuit>) {
        let mut told = self.told();
        // That something works is news once: it may have rested before this process began.
        let is_news = match &opened {
            Some(_) => {
                told.works.remove(place);
                true
            }
            None => told.works.insert(place.clone()),
        };
        if is_news {
            told.news.insert(place.clone(), opened);
        }
    }

    // Nothing that holds a lock can leave a circuit half written.
    fn circuits(&self) -> MutexGuard<'_, BTreeMap<Place, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn opened(place: &Place, reason: ConfigReason, until: DateTime<Utc>) -> OpenCircuit {
    let Place { account, interface, template } = place.clone();
    OpenCircuit { account, interface, template, reason, until }
}

/// The day in Beijing, by which the platform counts.
pub(super) fn beijing_day(now: DateTime<Utc>) -> NaiveDate {
    (now + BEIJING).date_naive()
}

// China keeps one time, without summer time.
const BEIJING: TimeDelta = TimeDelta::hours(8);

// The whole interface first, the template last.
fn places(account: &str, interface: Interface, template: Option<&str>) -> Vec<Place> {
    let place = |template: Option<&str>| Place {
        account: account.to_owned(),
        interface,
        template: template.map(str::to_owned),
    };
    std::iter::once(place(None)).chain(template.map(|id| place(Some(id)))).collect()
}

fn rest(reason: ConfigReason, now: DateTime<Utc>) -> DateTime<Utc> {
    match reason {
        // Somebody may be setting it right this minute.
        ConfigReason::Account
        | ConfigReason::Secret
        | ConfigReason::Token
        | ConfigReason::Ip
        | ConfigReason::Permission => now + TimeDelta::minutes(5),
        // A template is replaced by an approval, which takes longer.
        ConfigReason::Template => now + TimeDelta::minutes(30),
        ConfigReason::IpForAnHour => now + TimeDelta::hours(1),
        ConfigReason::IpForADay => now + TimeDelta::hours(24),
        // The month's quota may also be raised on any day.
        ConfigReason::DailyQuota | ConfigReason::MonthlyQuota => {
            let tomorrow = beijing_day(now) + TimeDelta::days(1);
            tomorrow.and_time(NaiveTime::MIN).and_utc() - BEIJING
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Interface::{CustomSend, TemplateSend};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    const IP: Class = Class::Config(ConfigReason::Ip);
    const TEMPLATE: Class = Class::Config(ConfigReason::Template);
    const QUOTA: Class = Class::Config(ConfigReason::DailyQuota);

    #[test]
    fn a_used_up_quota_rests_until_midnight_in_beijing_also_right_before_it() {
        for (refused, until) in [
            ("2026-03-02T15:59:59Z", "2026-03-02T16:00:00Z"),
            ("2026-03-02T16:00:00Z", "2026-03-03T16:00:00Z"),
            ("2026-12-31T18:00:00+08:00", "2026-12-31T16:00:00Z"),
        ] {
            let circuits = Circuits::default();
            circuits.note("main", CustomSend, None, QUOTA, at(refused));
            assert_eq!(circuits.open()[0].until, at(until));
            assert!(!circuits.allows("main", CustomSend, None, at(until) - PROBE / 60_000));
            assert!(circuits.allows("main", CustomSend, None, at(until)));
        }
    }

    #[test]
    fn after_the_rest_one_probe_goes_first_and_closes_the_circuit() {
        let circuits = Circuits::default();
        let refused = at("2026-03-02T01:00:00Z");
        circuits.note("main", CustomSend, None, IP, refused);
        assert!(!circuits.allows("main", CustomSend, None, refused + TimeDelta::seconds(299)));
        let over = refused + TimeDelta::minutes(5);
        assert!(circuits.allows("main", CustomSend, None, over));
        assert!(!circuits.allows("main", CustomSend, None, over));
        circuits.note("main", CustomSend, None, Class::Ok, over);
        assert!(circuits.allows("main", CustomSend, None, over));
        assert!(circuits.allows("main", CustomSend, None, over));
        assert_eq!(circuits.open(), []);
    }

    #[test]
    fn a_probe_that_fails_opens_again_and_one_that_says_nothing_lets_the_next_try() {
        let circuits = Circuits::default();
        let refused = at("2026-03-02T01:00:00Z");
        circuits.note("main", CustomSend, None, IP, refused);
        let over = refused + TimeDelta::minutes(5);
        assert!(circuits.allows("main", CustomSend, None, over));
        circuits.note("main", CustomSend, None, Class::Unknown, over);
        assert!(circuits.allows("main", CustomSend, None, over));
        circuits.note("main", CustomSend, None, IP, over);
        assert!(!circuits.allows("main", CustomSend, None, over));
        assert_eq!(circuits.open()[0].until, over + TimeDelta::minutes(5));
    }

    #[test]
    fn a_probe_that_never_reports_does_not_keep_the_circuit_open_for_ever() {
        let circuits = Circuits::default();
        let refused = at("2026-03-02T01:00:00Z");
        circuits.note("main", CustomSend, None, IP, refused);
        let over = refused + TimeDelta::minutes(5);
        assert!(circuits.allows("main", CustomSend, None, over));
        assert!(circuits.allows("main", CustomSend, None, over + PROBE));
    }

    #[test]
    fn accounts_interfaces_and_templates_rest_apart() {
        let circuits = Circuits::default();
        let now = at("2026-03-02T01:00:00Z");
        circuits.note("main", TemplateSend, Some("t1"), TEMPLATE, now);
        assert!(!circuits.allows("main", TemplateSend, Some("t1"), now));
        assert!(circuits.allows("main", TemplateSend, Some("t2"), now));
        circuits.note("main", TemplateSend, Some("t2"), QUOTA, now);
        assert!(!circuits.allows("main", TemplateSend, Some("t3"), now));
        assert!(circuits.allows("main", CustomSend, None, now));
        assert!(circuits.allows("other", TemplateSend, Some("t1"), now));
        let open: Vec<_> = circuits.open().into_iter().map(|open| open.template).collect();
        assert_eq!(open, [None, Some("t1".to_owned())]);
    }

    #[test]
    fn another_template_that_works_does_not_close_the_circuit_of_one_that_does_not() {
        let circuits = Circuits::default();
        let now = at("2026-03-02T01:00:00Z");
        circuits.note("main", TemplateSend, Some("t1"), TEMPLATE, now);
        circuits.note("main", TemplateSend, Some("t2"), Class::Ok, now);
        assert!(!circuits.allows("main", TemplateSend, Some("t1"), now));
    }

    #[test]
    fn a_person_who_cannot_be_reached_shows_that_the_channel_works() {
        let circuits = Circuits::default();
        let now = at("2026-03-02T01:00:00Z");
        circuits.note("main", CustomSend, None, IP, now);
        let unfollowed = Class::User(crate::wechat::client::UserReason::Unfollowed);
        circuits.note("main", CustomSend, None, unfollowed, now);
        assert!(circuits.allows("main", CustomSend, None, now));
    }
}
