//! What is counted, under which code, and shares of it.

use crate::ticket::{TicketNumber, Tier};
use std::{fmt, ops::AddAssign};

/// A rate of the reports. Its numerator is part of its denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rate {
    /// 受理率
    Acceptance,
    /// 响应率
    Response,
    /// 接单率
    Signing,
    /// 办结率
    Completion,
    /// 办结率 of what is closed or due.
    CompletionDue,
    /// 按时办结率: the last round's result, extensions included.
    OnTime,
    /// 按时办结率 of the first round.
    OnTimeFirst,
    /// 按时办结率 without extensions.
    OnTimeRaw,
    /// 解决率
    Solved,
    /// 满意率
    Satisfaction,
    /// 满意率 of the first grades.
    SatisfactionFirst,
    /// 评价参与率
    Participation,
    /// 签收率
    Signoff,
    /// 重办率
    Redo,
    /// 退单率: returns that the desk found right.
    ReturnUpheld,
    /// 退单率: returns that the desk found wrong.
    ReturnOverruled,
}

impl Rate {
    /// Every rate, in the order of the reports.
    pub const ALL: [Self; 16] = [
        Self::Acceptance,
        Self::Response,
        Self::Signing,
        Self::Completion,
        Self::CompletionDue,
        Self::OnTime,
        Self::OnTimeFirst,
        Self::OnTimeRaw,
        Self::Solved,
        Self::Satisfaction,
        Self::SatisfactionFirst,
        Self::Participation,
        Self::Signoff,
        Self::Redo,
        Self::ReturnUpheld,
        Self::ReturnOverruled,
    ];

    /// The code in exports and scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Response => "response",
            Self::Signing => "signing",
            Self::Completion => "completion",
            Self::CompletionDue => "completion_due",
            Self::OnTime => "on_time",
            Self::OnTimeFirst => "on_time_first",
            Self::OnTimeRaw => "on_time_raw",
            Self::Solved => "solved",
            Self::Satisfaction => "satisfaction",
            Self::SatisfactionFirst => "satisfaction_first",
            Self::Participation => "participation",
            Self::Signoff => "signoff",
            Self::Redo => "redo",
            Self::ReturnUpheld => "return_upheld",
            Self::ReturnOverruled => "return_overruled",
        }
    }

    /// The rate of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rate| rate.code() == code)
    }
}

/// A plain number of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Count {
    /// 收到: everything that was submitted.
    Received,
    /// 受理
    Accepted,
    /// 办结
    Completed,
    /// 满意
    Satisfied,
    /// 不予受理
    Rejected,
    /// Left out of the rates of work: handled with another ticket.
    Merged,
    /// Left out of the rates of work: taken back before anybody accepted it.
    WithdrawnEarly,
}

impl Count {
    /// Every count, in the order of the reports.
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::Accepted,
        Self::Completed,
        Self::Satisfied,
        Self::Rejected,
        Self::Merged,
        Self::WithdrawnEarly,
    ];

    /// The code in exports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Completed => "completed",
            Self::Satisfied => "satisfied",
            Self::Rejected => "rejected",
            Self::Merged => "merged",
            Self::WithdrawnEarly => "withdrawn_early",
        }
    }
}

/// On which level results were brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// On this one.
    At(Tier),
    /// In a township or below.
    TownshipOrBelow,
}

impl Level {
    /// Every level, from the ground up.
    pub const ALL: [Self; 6] = [
        Self::At(Tier::Grid),
        Self::At(Tier::Village),
        Self::At(Tier::Community),
        Self::At(Tier::Township),
        Self::At(Tier::County),
        Self::TownshipOrBelow,
    ];

    /// The code in exports.
    pub fn code(self) -> &'static str {
        match self {
            Self::At(tier) => tier.code(),
            Self::TownshipOrBelow => "township_or_below",
        }
    }
}

/// What shows that a rate was helped along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// Closed within an hour of the due date.
    ClosedNearDue,
    /// A result without a photo where the category needs one.
    WithoutPhoto,
    /// One phone rated more than five tickets of one unit.
    SameDevice,
    /// 代评: a grade that the reporter did not give.
    RatedByStaff,
    /// A grade from the phone of a member.
    RatedByMember,
    /// Closed without a word of the resident.
    ClosedUnsigned,
    /// More time asked for in the last tenth of it.
    LateExtension,
    /// Taken back after somebody was called.
    WithdrawnAfterDispatch,
}

impl Check {
    /// Every check, in the order of the reports.
    pub const ALL: [Self; 8] = [
        Self::ClosedNearDue,
        Self::WithoutPhoto,
        Self::SameDevice,
        Self::RatedByStaff,
        Self::RatedByMember,
        Self::ClosedUnsigned,
        Self::LateExtension,
        Self::WithdrawnAfterDispatch,
    ];

    /// The code in exports.
    pub fn code(self) -> &'static str {
        match self {
            Self::ClosedNearDue => "closed_near_due",
            Self::WithoutPhoto => "without_photo",
            Self::SameDevice => "same_device",
            Self::RatedByStaff => "rated_by_staff",
            Self::RatedByMember => "rated_by_member",
            Self::ClosedUnsigned => "closed_unsigned",
            Self::LateExtension => "late_extension",
            Self::WithdrawnAfterDispatch => "withdrawn_after_dispatch",
        }
    }
}

/// Anything that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Figure {
    /// A rate.
    Rate(Rate),
    /// A number.
    Count(Count),
    /// A share of the results.
    Level(Level),
    /// A check.
    Check(Check),
}

/// What sort of figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sorts of `Figure`")]
pub enum Kind {
    Rate,
    Count,
    Level,
    Check,
}

impl Kind {
    /// The code in exports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Count => "count",
            Self::Level => "level",
            Self::Check => "check",
        }
    }
}

impl Figure {
    /// Every figure, in the order of the reports.
    pub fn all() -> impl Iterator<Item = Self> {
        let rates = Rate::ALL.into_iter().map(Self::Rate);
        let counts = Count::ALL.into_iter().map(Self::Count);
        let levels = Level::ALL.into_iter().map(Self::Level);
        let checks = Check::ALL.into_iter().map(Self::Check);
        rates.chain(counts).chain(levels).chain(checks)
    }

    /// The figure of a code; no two have the same.
    pub fn of(code: &str) -> Option<Self> {
        Self::all().find(|figure| figure.code() == code)
    }

    /// What sort of figure it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Rate(_) => Kind::Rate,
            Self::Count(_) => Kind::Count,
            Self::Level(_) => Kind::Level,
            Self::Check(_) => Kind::Check,
        }
    }

    /// The code within its kind.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rate(rate) => rate.code(),
            Self::Count(count) => count.code(),
            Self::Level(level) => level.code(),
            Self::Check(check) => check.code(),
        }
    }
}

/// So many of so many; and which, where that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fraction {
    /// So many …
    pub numerator: u64,
    /// … of so many.
    pub denominator: u64,
    /// Which.
    pub tickets: Tickets,
}

/// The numbers of the tickets on both sides; one that counts twice, by two dispatches, stands
/// twice. Empty where lists were not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tickets {
    /// Of the numerator.
    pub numerator: Vec<TicketNumber>,
    /// Of the denominator.
    pub denominator: Vec<TicketNumber>,
}

impl Fraction {
    /// The share; none where there is nothing to have a share of.
    pub fn percent(&self) -> Option<Percent> {
        Percent::of(self.numerator, self.denominator)
    }
}

impl AddAssign for Fraction {
    fn add_assign(&mut self, other: Self) {
        self.numerator += other.numerator;
        self.denominator += other.denominator;
        self.tickets.numerator.extend(other.tickets.numerator);
        self.tickets.denominator.extend(other.tickets.denominator);
    }
}

/// A percentage with one decimal, halves rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Percent {
    tenths: u64,
}

impl Percent {
    /// `part` of `whole`; none where the whole is nothing.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        // A half of a tenth is what makes it round up.
        let doubled = part.saturating_mul(2000).saturating_add(whole);
        let tenths = doubled.checked_div(whole.saturating_mul(2))?;
        Some(Self { tenths })
    }

    /// Reads `75.0` or `75`.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(whole) || !is_digits(tenth) || tenth.len() != 1 {
            return None;
        }
        let whole: u64 = whole.parse().ok()?;
        let tenth: u64 = tenth.parse().ok()?;
        Some(Self { tenths: whole.checked_mul(10)?.checked_add(tenth)? })
    }

    /// So many tenths of a percent.
    pub fn tenths(self) -> u64 {
        self.tenths
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.tenths / 10, self.tenths % 10)
    }
}
