//! Access tokens by the platform's rules: two interfaces that do not know each other.
//!
//! *stable*: the same token until five minutes before its end, then old and new side by side;
//! forcing kills the old one at once, has no effect within 30 seconds of the last time, and is
//! allowed 20 times a day. *plain*: a new token at each call, the one before works five minutes
//! longer.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

const LIFE: TimeDelta = TimeDelta::seconds(7200);
const OVERLAP: TimeDelta = TimeDelta::minutes(5);
const FORCE_PAUSE: TimeDelta = TimeDelta::seconds(30);
const FORCES_A_DAY: u32 = 20;
/// The platform's day begins at midnight in Beijing.
const BEIJING: TimeDelta = TimeDelta::hours(8);

/// What a token is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    /// Opens everything.
    Good,
    /// Was good until a newer one replaced it.
    Superseded,
    /// Reached its end.
    Expired,
    /// Never issued by this account.
    Unknown,
}

/// The day's forced refreshes are used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoMoreForces;

/// A token and the seconds that are left of it.
pub(super) type Issued = (String, i64);

#[derive(Debug, Clone)]
struct Token {
    text: String,
    ends: DateTime<Utc>,
    dies: Option<DateTime<Utc>>,
}

/// All tokens of one account.
#[derive(Debug, Clone, Default)]
pub(super) struct Tokens {
    issued: Vec<Token>,
    stable: Option<Token>,
    plain: Option<Token>,
    forced: Option<(NaiveDate, u32, DateTime<Utc>)>,
}

impl Tokens {
    /// The stable token; `fresh` becomes it when a new one is due.
    pub(super) fn stable(
        &mut self,
        now: DateTime<Utc>,
        force: bool,
        fresh: String,
    ) -> Result<Issued, NoMoreForces> {
        let force = force && self.may_force(now)?;
        let token = match self.stable.take() {
            Some(token) if force => {
                self.kill(&token.text, now);
                self.issue(now, fresh)
            }
            Some(token) if now < token.ends - OVERLAP => token,
            _ => self.issue(now, fresh),
        };
        let left = (token.ends - now).num_seconds();
        let text = token.text.clone();
        self.stable = Some(token);
        Ok((text, left))
    }

    /// A new plain token.
    pub(super) fn plain(&mut self, now: DateTime<Utc>, fresh: String) -> Issued {
        if let Some(before) = self.plain.take() {
            self.kill(&before.text, now + OVERLAP);
        }
        let token = self.issue(now, fresh);
        let text = token.text.clone();
        self.plain = Some(token);
        (text, LIFE.num_seconds())
    }

    /// As if somebody else with the same secret had forced a refresh: what everybody holds is
    /// dead, and who asks next gets the other one's token.
    pub(super) fn replaced_by_a_stranger(&mut self, now: DateTime<Utc>, fresh: String) {
        let held: Vec<String> =
            [self.stable.take(), self.plain.take()].into_iter().flatten().map(|t| t.text).collect();
        for text in held {
            self.kill(&text, now);
        }
        self.stable = Some(self.issue(now, fresh));
    }

    /// What `text` is worth now.
    pub(super) fn worth(&self, text: &str, now: DateTime<Utc>) -> Worth {
        match self.issued.iter().find(|token| token.text == text) {
            None => Worth::Unknown,
            Some(token) if token.dies.is_some_and(|dies| dies <= now) => Worth::Superseded,
            Some(token) if token.ends <= now => Worth::Expired,
            Some(_) => Worth::Good,
        }
    }

    fn may_force(&mut self, now: DateTime<Utc>) -> Result<bool, NoMoreForces> {
        let day = (now + BEIJING).date_naive();
        let (count, last) = match self.forced {
            Some((of, count, last)) if of == day => (count, Some(last)),
            Some((_, _, last)) => (0, Some(last)),
            None => (0, None),
        };
        if last.is_some_and(|last| now - last < FORCE_PAUSE) {
            return Ok(false);
        }
        if count >= FORCES_A_DAY {
            return Err(NoMoreForces);
        }
        self.forced = Some((day, count + 1, now));
        Ok(true)
    }

    fn issue(&mut self, now: DateTime<Utc>, text: String) -> Token {
        let token = Token { text, ends: now + LIFE, dies: None };
        self.issued.push(token.clone());
        token
    }

    fn kill(&mut self, text: &str, at: DateTime<Utc>) {
        for token in self.issued.iter_mut().filter(|token| token.text == text) {
            token.dies = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_420_400, 0).unwrap()
    }

    fn stable(tokens: &mut Tokens, after: i64, force: bool, fresh: &str) -> Issued {
        tokens.stable(noon() + TimeDelta::seconds(after), force, fresh.to_owned()).unwrap()
    }

    #[test]
    fn a_stable_token_is_the_same_until_five_minutes_before_its_end() {
        let mut tokens = Tokens::default();
        assert_eq!(stable(&mut tokens, 0, false, "a"), ("a".to_owned(), 7200));
        assert_eq!(stable(&mut tokens, 6899, false, "b"), ("a".to_owned(), 301));
        assert_eq!(stable(&mut tokens, 6900, false, "c"), ("c".to_owned(), 7200));
    }

    #[test]
    fn old_and_new_overlap_for_five_minutes() {
        let mut tokens = Tokens::default();
        stable(&mut tokens, 0, false, "a");
        stable(&mut tokens, 6900, false, "b");
        let at = |seconds| noon() + TimeDelta::seconds(seconds);
        assert_eq!(tokens.worth("a", at(7199)), Worth::Good);
        assert_eq!(tokens.worth("a", at(7200)), Worth::Expired);
        assert_eq!(tokens.worth("b", at(7200)), Worth::Good);
    }

    #[test]
    fn forcing_kills_the_old_token_at_once_but_not_twice_in_30_seconds() {
        let mut tokens = Tokens::default();
        stable(&mut tokens, 0, false, "a");
        assert_eq!(stable(&mut tokens, 10, true, "b").0, "b");
        assert_eq!(tokens.worth("a", noon() + TimeDelta::seconds(10)), Worth::Superseded);
        assert_eq!(stable(&mut tokens, 39, true, "c").0, "b");
        assert_eq!(stable(&mut tokens, 40, true, "d").0, "d");
    }

    #[test]
    fn forcing_is_allowed_20_times_a_day() {
        let mut tokens = Tokens::default();
        for n in 0..20 {
            stable(&mut tokens, n * 30, true, &format!("t{n}"));
        }
        assert_eq!(
            tokens.stable(noon() + TimeDelta::minutes(11), true, "z".to_owned()),
            Err(NoMoreForces)
        );
        assert_eq!(stable(&mut tokens, 86_400, true, "next day").0, "next day");
    }

    #[test]
    fn a_plain_token_is_new_each_time_and_knows_nothing_of_the_stable_one() {
        let mut tokens = Tokens::default();
        stable(&mut tokens, 0, false, "s");
        tokens.plain(noon(), "a".to_owned());
        tokens.plain(noon(), "b".to_owned());
        assert_eq!(tokens.worth("a", noon() + TimeDelta::seconds(299)), Worth::Good);
        assert_eq!(tokens.worth("a", noon() + TimeDelta::seconds(300)), Worth::Superseded);
        assert_eq!(tokens.worth("s", noon() + TimeDelta::seconds(300)), Worth::Good);
    }

    #[test]
    fn a_strangers_refresh_kills_what_we_hold() {
        let mut tokens = Tokens::default();
        stable(&mut tokens, 0, false, "a");
        tokens.replaced_by_a_stranger(noon(), "theirs".to_owned());
        assert_eq!(tokens.worth("a", noon()), Worth::Superseded);
        assert_eq!(stable(&mut tokens, 1, false, "b").0, "theirs");
        assert_eq!(tokens.worth("nonsense", noon()), Worth::Unknown);
    }
}
