//! Where it lies, corrected by the desk: what nobody could place, or placed wrongly, comes to the
//! township that it belongs to. The place in the resident's words stays, and so does the area it
//! was submitted with, in the history, where the figures read it.

use super::{Case, Refused, Transition, Why};
use crate::ticket::event::What;

impl Case<'_> {
    pub(super) fn locate(&self, area: String, path: Vec<String>) -> Result<Transition, Refused> {
        let wanted = "lie somewhere else";
        self.operator(wanted)?;
        if self.ticket.is_ended() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let from = self.ticket.report.place.area.clone();
        if from.as_deref() == Some(area.as_str()) && self.ticket.area_path == path {
            return self.refuse(wanted, Why::AlreadySo);
        }
        Ok(self.stay(What::Located { from, to: area.clone() }).with(|after| {
            after.report.place.area = Some(area);
            after.area_path = path;
        }))
    }
}
