//! The platform, the network and the machine on a bad day: what was promised holds all the same.

mod crowd;
mod logs;
mod network;
mod outages;
mod repeats;
mod sending;
mod words;
