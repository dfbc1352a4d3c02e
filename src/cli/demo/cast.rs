//! Who has a phone in the demo, and what the phones offer to send.
//!
//! The people are the demo county's; their openids follow from their names, so that a second
//! start finds the same conversations. Deliberately absent: anything they might say.

use crate::{
    county::{AreaCode, County},
    replay::account::SLUG,
    simulator::{PersonKind, Platform, SimulatedCode, SimulatedPerson, SimulatedPlace},
    storage::Store,
    ticket::Follower,
};
use anyhow::Context;
use chrono::{DateTime, Utc};

/// From left to right, in the order in which a matter passes through their hands.
const PEOPLE: [(&str, PersonKind); 5] = [
    ("王大娘", PersonKind::Resident),
    ("李大爷", PersonKind::Resident),
    ("值班员", PersonKind::Operator),
    ("张建国", PersonKind::Volunteer),
    ("刘芳", PersonKind::Volunteer),
];

/// 王庄村, 李家村, 东关村.
const VILLAGES: [&str; 3] = ["130699201201", "130699201202", "130699100201"];

/// Somewhere else, to see what residents are told who are not at home.
const ELSEWHERE: (&str, f64, f64) = ("北京南站", 39.8652, 116.3785);

/// Everybody who has a phone from the beginning.
pub(super) fn people() -> Vec<SimulatedPerson> {
    PEOPLE.iter().map(|(name, kind)| SimulatedPerson::named(name, *kind, SLUG)).collect()
}

/// Places on the map.
pub(super) fn places(county: &County) -> Vec<SimulatedPlace> {
    let village = |code: &&str| {
        let area = county.area(&AreaCode((*code).to_owned()))?;
        let (label, point) = (area.name.clone(), area.point?);
        Some(SimulatedPlace { label, latitude: point.lat, longitude: point.lon })
    };
    let (label, latitude, longitude) = ELSEWHERE;
    let elsewhere = SimulatedPlace { label: label.to_owned(), latitude, longitude };
    VILLAGES.iter().filter_map(village).chain([elsewhere]).collect()
}

/// Codes that hang on walls.
pub(super) fn codes(county: &County) -> Vec<SimulatedCode> {
    let code = |code: &&str| {
        let area = county.area(&AreaCode((*code).to_owned()))?;
        Some(SimulatedCode {
            label: format!("{}的民情码", area.name),
            scene: format!("area:{}", area.code.as_str()),
        })
    };
    VILLAGES.iter().filter_map(code).collect()
}

/// Gives members and operators their phones: nobody has to bind one before anything works.
pub(super) async fn bind(store: &Store, now: DateTime<Utc>) -> anyhow::Result<()> {
    let members = store.members().await?;
    let tx = store.begin().await?;
    for person in people().iter().filter(|person| person.kind != PersonKind::Resident) {
        let member = members.iter().find(|member| member.person.name == person.name);
        let member = member.with_context(|| format!("{} is not in the county", person.name))?;
        let phone = follower(person);
        tx.open_conversation(&phone, now).await?;
        tx.bind(&phone, member.person.id).await?;
        // The pretended platform forgets whom it knew.
        tx.tags_are_gone(&phone).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Tells the platform, which keeps nothing from one start to the next, what we know of people.
pub(super) async fn recall(store: &Store, platform: &Platform) -> anyhow::Result<()> {
    for person in people() {
        if let Some(reach) = store.reach(&follower(&person)).await? {
            let window = reach.window;
            platform.recall(
                &person.openid,
                reach.following,
                window.message_at,
                window.message_used,
            );
        }
    }
    Ok(())
}

fn follower(person: &SimulatedPerson) -> Follower {
    Follower { account: person.account.clone(), openid: person.openid.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::county::demo;

    #[test]
    fn everybody_who_serves_is_in_the_county_and_nobody_else_is() {
        let county = demo::county();
        for person in people() {
            let serves = person.kind != PersonKind::Resident;
            assert_eq!(county.member(&person.name).is_some(), serves, "{}", person.name);
        }
    }

    #[test]
    fn the_phones_offer_every_village_and_one_place_outside_of_the_county() {
        let county = demo::county();
        assert_eq!(codes(&county).len(), VILLAGES.len());
        let bounds = county.bounds().unwrap();
        let inside = |place: &&SimulatedPlace| {
            bounds.contains(crate::county::Point { lat: place.latitude, lon: place.longitude })
        };
        let places = places(&county);
        assert_eq!(places.iter().filter(inside).count(), VILLAGES.len());
        assert_eq!(places.len(), VILLAGES.len() + 1);
    }
}
