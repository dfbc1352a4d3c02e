//! Permissions by name, and the roles that are made of them.

/// Something that an operator may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See tickets, queues and lamps.
    Look,
    /// Accept, reject, ask, recategorise, merge, answer.
    Triage,
    /// Call people and units, take a ticket from them, help, hand over.
    Dispatch,
    /// Judge results and returns.
    Check,
    /// Supervise, escalate, grant time, judge rejections.
    Supervise,
    /// Enter what came by telephone, letter or at the counter.
    Enter,
    /// Call people whom WeChat does not reach, and enter what they say.
    CallBack,
    /// See telephone numbers; each look is written down.
    Personal,
    /// See what is confidential.
    Confidential,
    /// See figures and take reports.
    Figures,
    /// Change areas, members, routes, words.
    Settings,
    /// Make and end accounts of the console.
    Accounts,
    /// See what is stuck, and send it again.
    Health,
    /// See photos as they came, with where and on what they were taken; each look is written down.
    Originals,
    /// Pass words down to groups, and look after the groups' robots.
    Broadcast,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 15] = [
        Self::Look,
        Self::Triage,
        Self::Dispatch,
        Self::Check,
        Self::Supervise,
        Self::Enter,
        Self::CallBack,
        Self::Personal,
        Self::Confidential,
        Self::Figures,
        Self::Settings,
        Self::Accounts,
        Self::Health,
        Self::Originals,
        Self::Broadcast,
    ];

    /// The name that templates ask for.
    pub fn code(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Triage => "triage",
            Self::Dispatch => "dispatch",
            Self::Check => "check",
            Self::Supervise => "supervise",
            Self::Enter => "enter",
            Self::CallBack => "call_back",
            Self::Personal => "personal",
            Self::Confidential => "confidential",
            Self::Figures => "figures",
            Self::Settings => "settings",
            Self::Accounts => "accounts",
            Self::Health => "health",
            Self::Originals => "originals",
            Self::Broadcast => "broadcast",
        }
    }

    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Look => "查看诉求",
            Self::Triage => "受理、答复、并案",
            Self::Dispatch => "派单、转派、协办",
            Self::Check => "核实结果、审核退单",
            Self::Supervise => "督办、提级、延期",
            Self::Enter => "代为登记",
            Self::CallBack => "电话回访",
            Self::Personal => "查看联系电话",
            Self::Confidential => "查看保密诉求",
            Self::Figures => "统计报表",
            Self::Settings => "修改设置",
            Self::Accounts => "管理后台账号",
            Self::Health => "查看运行状况",
            Self::Originals => "查看照片原件",
            Self::Broadcast => "群发",
        }
    }
}

/// What an operator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 管理员
    Admin,
    /// 值班员
    Dispatcher,
    /// 督办员
    Supervisor,
    /// 只读
    Viewer,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Dispatcher, Self::Supervisor, Self::Viewer];

    /// The code on the command line and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Dispatcher => "dispatcher",
            Self::Supervisor => "supervisor",
            Self::Viewer => "viewer",
        }
    }

    /// The role of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Admin => "管理员",
            Self::Dispatcher => "值班员",
            Self::Supervisor => "督办员",
            Self::Viewer => "只读",
        }
    }

    /// What it is made of.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Admin => &Permission::ALL,
            Self::Dispatcher => &[
                P::Look,
                P::Triage,
                P::Dispatch,
                P::Check,
                P::Enter,
                P::CallBack,
                P::Personal,
                P::Confidential,
                P::Figures,
                P::Broadcast,
            ],
            Self::Supervisor => &[
                P::Look,
                P::Triage,
                P::Dispatch,
                P::Check,
                P::Supervise,
                P::Enter,
                P::CallBack,
                P::Personal,
                P::Confidential,
                P::Figures,
                P::Health,
            ],
            Self::Viewer => &[P::Look, P::Figures],
        }
    }
}
