//! Categories: what needs are about, and how each kind is handled.

/// A word that points at a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyword {
    /// The word as people write it.
    pub word: String,
    /// It tips the balance but says nothing by itself, such as 怎么办.
    pub is_weak: bool,
}

impl Keyword {
    /// Reads a keyword of a sheet: `路灯`, or `~怎么办` for a weak one.
    pub fn read(cell: &str) -> Option<Self> {
        let is_weak = cell.starts_with(['~', '～']);
        let word = cell.trim_start_matches(['~', '～']).trim().to_lowercase();
        (!word.is_empty()).then_some(Self { word, is_weak })
    }
}

/// How long each step may take, in working minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// 受理: until somebody answers the resident.
    pub accept: u32,
    /// 签收: until whoever was asked says yes or no.
    pub sign: u32,
    /// 办结: until there is a result.
    pub result: u32,
    /// 核查: until the result is checked.
    pub check: u32,
}

impl Limits {
    /// What counts where a county says nothing: half a day, a day, five days and half a day of
    /// so many minutes.
    pub fn of_days(day_minutes: u32) -> Self {
        let half = day_minutes / 2;
        let result = day_minutes.saturating_mul(5);
        Self { accept: half, sign: day_minutes, result, check: half }
    }
}

impl Default for Limits {
    /// Of days with eight hours.
    fn default() -> Self {
        Self::of_days(480)
    }
}

/// One category.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of the county's sheet, and they are independent"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Unique in the county, e.g. `lighting`.
    pub code: String,
    /// As residents read it, e.g. 路灯水电.
    pub name: String,
    /// One plain line that tells residents what belongs here.
    pub hint: String,
    /// Words of residents that point here.
    pub keywords: Vec<Keyword>,
    /// Only those who handle it may read it.
    pub confidential: bool,
    /// The special module it belongs to, e.g. `relocation`.
    pub module: Option<String>,
    /// Whether residents are offered it.
    pub enabled: bool,
    /// Accepted and dispatched to its default unit without an operator.
    pub auto: bool,
    /// The code of the unit that handles it unless an operator decides otherwise.
    pub unit: Option<String>,
    /// A result needs a checker before the resident is asked.
    pub checker: bool,
    /// 四单制: the grid orders, the desk dispatches, the leader accepts, the resident signs off.
    pub four_order: bool,
    /// A result needs a photo.
    pub needs_photo: bool,
    /// How long each step may take.
    pub limits: Limits,
    /// 长期事项, such as roads: only here a suspended ticket's clock stands still.
    pub is_long: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_county_that_says_nothing_has_half_a_day_a_day_and_five() {
        let usual = Limits { accept: 240, sign: 480, result: 2400, check: 240 };
        assert_eq!(Limits::default(), usual);
        assert_eq!(Limits::of_days(420).result, 2100);
    }
}
