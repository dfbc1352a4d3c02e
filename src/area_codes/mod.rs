//! Codes of areas (民情码): asked of the platform once and kept for good, drawn as posters and
//! stickers.
//!
//! A code hangs on a wall for years. So there is one for each area and account, it is never made
//! anew, and what an area that is gone left on a wall still leads to the next one above it (the
//! conversation sees to that). Whoever is stopped in between runs it again: what was made is kept.
//!
//! Deliberately absent: codes for a while, and who may ask for codes.

mod draw;
mod sheet;

pub use draw::{Poster, Unprintable, poster, sticker};
pub use sheet::{Printed, STYLE, Size, Style, file_name, manifest, page};

use crate::{
    app::App,
    county::{Area, AreaCode, County, Level},
    storage::{KeptCode, StorageError},
    wechat::client::{Class, ClientError, Interface, SceneCode},
};
use futures_util::future::join_all;
use std::collections::BTreeMap;

/// How many codes for good an account may have.
const MOST: u64 = 100_000;
/// The platform's limit for a scene.
const LONGEST_SCENE: usize = 64;
/// How many are asked for at once.
const AT_ONCE: usize = 4;
/// How often one is asked for when the platform is busy.
const TRIES: usize = 3;

/// Why codes were not made.
#[derive(Debug, thiserror::Error)]
pub enum CodesError {
    /// The platform's limit would be passed; nothing was made.
    #[error(
        "an account may have {MOST} codes for good; it has {have}, and {wanted} more are too many"
    )]
    Full {
        /// Codes of the account.
        have: u64,
        /// Codes that are missing.
        wanted: u64,
    },
    /// An area's code is too long to be a scene; nothing was made.
    #[error("the area code {0} is too long for a code on a wall")]
    TooLong(AreaCode),
    /// The platform refused one a while ago, for a reason that holds.
    #[error("the platform refused a code a moment ago; {left} are not made yet")]
    Resting {
        /// How many are still to be made.
        left: usize,
    },
    /// The platform did not make one; what was made is kept.
    #[error("the platform did not make a code, and {left} are not made yet")]
    Platform {
        /// How many are still to be made.
        left: usize,
        /// Why.
        source: ClientError,
    },
    /// The database failed.
    #[error("the codes could not be read or kept")]
    Storage(#[from] StorageError),
}

/// An area and what lies in it, down to a level; the area itself always.
pub fn areas_in<'a>(county: &'a County, area: &'a Area, down_to: Level) -> Vec<&'a Area> {
    let mut found = Vec::new();
    let mut next = vec![area];
    while let Some(area) = next.pop() {
        found.push(area);
        let below: Vec<&Area> =
            county.children(&area.code).filter(|below| below.level <= down_to).collect();
        next.extend(below.into_iter().rev());
        // A register that was never checked may hold a loop.
        if found.len() > county.areas().len() {
            break;
        }
    }
    found
}

/// What a code says to us.
pub fn scene(area: &AreaCode) -> String {
    format!("area:{area}")
}

/// Makes the codes that are missing and returns all of them; `told` hears how many are there, of
/// how many.
pub async fn make(
    app: &App,
    account: &str,
    areas: &[&Area],
    mut told: impl FnMut(usize, usize),
) -> Result<BTreeMap<AreaCode, KeptCode>, CodesError> {
    let codes: Vec<AreaCode> = areas.iter().map(|area| area.code.clone()).collect();
    let mut kept = app.store.area_codes(account, &codes).await?;
    let missing: Vec<&AreaCode> = codes.iter().filter(|code| !kept.contains_key(code)).collect();
    if missing.is_empty() {
        return Ok(kept);
    }
    if let Some(long) = missing.iter().find(|code| scene(code).chars().count() > LONGEST_SCENE) {
        return Err(CodesError::TooLong((*long).clone()));
    }
    let have = app.store.count_area_codes(account).await?;
    let wanted = u64::try_from(missing.len()).unwrap_or(u64::MAX);
    if have.saturating_add(wanted) > MOST {
        return Err(CodesError::Full { have, wanted });
    }
    let mut left = missing.len();
    for some in missing.chunks(AT_ONCE) {
        let now = app.clock.now();
        if !app.client.circuits().allows(account, Interface::CodeCreate, None, now) {
            return Err(CodesError::Resting { left });
        }
        let made = join_all(some.iter().map(|code| ask(app, account, code))).await;
        let mut failed = None;
        for (code, made) in some.iter().zip(made) {
            match made {
                Ok(SceneCode { ticket, url }) => {
                    let area = (*code).clone();
                    let code = KeptCode { area: area.clone(), ticket, url, created_at: now };
                    app.store.keep_area_code(account, &code).await?;
                    kept.insert(area, code);
                    left -= 1;
                }
                Err(error) => failed = Some(error),
            }
        }
        told(codes.len() - left, codes.len());
        if let Some(source) = failed {
            return Err(CodesError::Platform { left, source });
        }
    }
    // Where two asked at once, what is drawn is what was kept.
    Ok(app.store.area_codes(account, &codes).await?)
}

async fn ask(app: &App, account: &str, code: &AreaCode) -> Result<SceneCode, ClientError> {
    let mut tries = 1;
    loop {
        match app.client.create_code(account, &scene(code)).await {
            // Asking twice makes no second code on a wall.
            Err(error)
                if tries < TRIES
                    && matches!(error.class(), Class::Retry { after: None } | Class::Unknown) =>
            {
                tries += 1;
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::county::demo;

    #[test]
    fn a_county_down_to_its_villages_has_no_grids_and_a_grid_has_itself() {
        let county = demo::county();
        let all = areas_in(&county, county.root().unwrap(), Level::Village);
        assert!(all.iter().all(|area| area.level <= Level::Village));
        let villages = county.areas().iter().filter(|area| area.level <= Level::Village).count();
        assert_eq!(all.len(), villages);
        let grid = county.area(&"130699201201001".into()).unwrap();
        assert_eq!(areas_in(&county, grid, Level::Village), [grid]);
        let village = county.area(&"130699201201".into()).unwrap();
        let grids = areas_in(&county, village, Level::Grid);
        assert!(grids.len() > 2 && grids[0] == village && grids[1] == grid);
    }
}
