//! The platform, the network and the machine on a bad day: what was promised holds all the same.

mod codes;
mod crowd;
mod logs;
mod machine;
mod network;
mod outages;
mod repeats;
mod sender;
mod sending;
mod served;
mod words;
