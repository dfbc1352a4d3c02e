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
}
