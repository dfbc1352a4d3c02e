//! The demo's groups: one of each level with a robot in it, and a gateway for short messages, all
//! of them the simulator's.

use crate::{
    config::{Reach, SmsGateway},
    simulator::Simulator,
    storage::{GroupRobot, Store},
    wechat::account::Secret,
};
use url::Url;
use uuid::Uuid;

/// Area, what the group is called, the robot's key. Only the simulator knows such keys.
const GROUPS: [(&str, &str, &str); 4] = [
    ("130699", "云溪县工作群", "demo-county"),
    ("130699201", "王庄乡工作群", "demo-township"),
    ("130699201201", "王庄村工作群", "demo-village"),
    ("130699201201001", "王庄村第1网格群", "demo-grid"),
];

/// Founds the groups, and puts their robots into a county that has none of them yet.
pub(super) async fn found(store: &Store, simulator: &Simulator) -> anyhow::Result<()> {
    let tx = store.begin().await?;
    for (number, (area, name, key)) in (1..).zip(GROUPS) {
        simulator.platform().found_group(name, key);
        let id = Uuid::from_u128(number);
        if store.robot(id).await?.is_some() {
            continue;
        }
        let robot = GroupRobot {
            id,
            area: area.to_owned(),
            name: name.to_owned(),
            key: Secret::new(key),
            active: true,
            broken: false,
            paused_until: None,
            last_at: None,
            last_result: None,
        };
        tx.put_robot(&robot).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Where the simulator takes what goes to groups, and short messages.
pub(super) fn reach(simulator: &Simulator) -> anyhow::Result<Reach> {
    let base = Url::parse(&simulator.api_url())?;
    let gateway = base.join("/sms/send")?;
    let sms = SmsGateway { url: gateway, token: Some(Secret::new("simulated")) };
    Ok(Reach { group_url: base, sms: Some(sms) })
}
