//! Settings: what a county says about itself.

use super::hours::Hours;
use super::words::Emergency;
use crate::calendar::WorkingHours;

/// The numbers a resident in danger is told to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyNumbers {
    /// 报警
    pub police: String,
    /// 火警、救援
    pub fire: String,
    /// 急救
    pub medical: String,
    /// 交通事故
    pub traffic: String,
    /// 燃气抢修: the local company's number, otherwise the fire brigade's.
    pub gas: String,
    /// 供电抢修
    pub electricity: String,
    /// 心理援助
    pub counselling: String,
}

impl Default for EmergencyNumbers {
    /// The numbers that are the same in the whole country.
    fn default() -> Self {
        let number = str::to_owned;
        Self {
            police: number("110"),
            fire: number("119"),
            medical: number("120"),
            traffic: number("122"),
            gas: number("119"),
            electricity: number("95598"),
            counselling: number("12356"),
        }
    }
}

impl EmergencyNumbers {
    /// The number to call first.
    pub fn first_call(&self, emergency: Emergency) -> &str {
        match emergency {
            Emergency::Suicide => &self.counselling,
            Emergency::Fire | Emergency::Collapse | Emergency::Flood => &self.fire,
            Emergency::Gas => &self.gas,
            Emergency::Violence => &self.police,
            Emergency::Medical | Emergency::Drowning | Emergency::Electricity => &self.medical,
            Emergency::Crash => &self.traffic,
        }
    }
}

/// What a county says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The county's name as residents read it.
    pub county_name: String,
    /// The number of the desk.
    pub hotline: String,
    /// When somebody answers it, in words.
    pub office_hours: String,
    /// Who to call in danger.
    pub emergency: EmergencyNumbers,
    /// Whom residents ask about their personal data.
    pub privacy_contact: String,
    /// When its offices work.
    pub hours: WorkingHours,
    /// When nobody is disturbed but for danger.
    pub quiet: Hours,
}
