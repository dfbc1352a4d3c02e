//! Where we listen, how we are reached, whom we believe.

use super::source::{Problems, Source, optional, secret};
use crate::wechat::account::Secret;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use url::{Host, Url};

/// The manual of configuration; what stands in it as a secret is none.
const EXAMPLE: &str = include_str!("../../.env.example");

/// The web server's part of the configuration.
#[derive(Debug, Clone)]
pub struct Web {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// How phones reach it; links in notices begin so.
    pub public_url: Url,
    /// Gateways whose word on the client's address is believed.
    pub trusted_proxies: Vec<Network>,
    /// Templates that replace the compiled-in ones, file by file.
    pub templates: Option<PathBuf>,
    /// What sessions and forms are signed with; `serve` requires it.
    pub secret_key: Option<Secret>,
}

impl Web {
    /// Reads all of it.
    pub fn read(
        source: Source<'_>,
        problems: &mut Problems,
        warnings: &mut Problems,
    ) -> Option<Self> {
        let listen = listen(source, problems);
        let secret_key = secret_key(source, problems);
        let trusted_proxies = trusted_proxies(source, problems);
        let public_url = public_url(source, listen, problems, warnings);
        let templates = optional(source, "LIANXIN_TEMPLATES").map(PathBuf::from);
        if let Some(folder) = templates.as_ref().filter(|folder| !folder.is_dir()) {
            problems.add(
                "LIANXIN_TEMPLATES",
                format!("there is no folder {}", folder.display()),
                "make it, or remove the variable to use the templates that are compiled in",
            );
        }
        Some(Self {
            listen: listen?,
            public_url: public_url?,
            trusted_proxies,
            templates,
            secret_key,
        })
    }
}

fn listen(source: Source<'_>, problems: &mut Problems) -> Option<SocketAddr> {
    const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
    let Some(text) = optional(source, "LIANXIN_LISTEN") else { return Some(DEFAULT) };
    let parsed = text.parse().ok();
    if parsed.is_none() {
        problems.add(
            "LIANXIN_LISTEN",
            "it is not an address and a port",
            "write it like 127.0.0.1:8080, or 0.0.0.0:8080 for every network of this machine",
        );
    }
    parsed
}

fn public_url(
    source: Source<'_>,
    listen: Option<SocketAddr>,
    problems: &mut Problems,
    warnings: &mut Problems,
) -> Option<Url> {
    const NAME: &str = "LIANXIN_PUBLIC_URL";
    const MEND: &str = "write the address that phones use, like https://lianxin.example.gov.cn";
    let Some(text) = optional(source, NAME) else {
        warnings.add(NAME, "it is not set, so links in notices work on this machine only", MEND);
        return Url::parse(&format!("http://127.0.0.1:{}", listen?.port())).ok();
    };
    let mut url = address(NAME, &text, MEND, problems)?;
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        problems.add(NAME, "there is more in it than a host and a path", MEND);
        return None;
    }
    // What is joined to an address without a slash at its end replaces its last part.
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Some(url)
}

/// An address that is https, or http to this machine.
pub(super) fn address(name: &str, text: &str, mend: &str, problems: &mut Problems) -> Option<Url> {
    let url = match Url::parse(text) {
        Ok(url) if url.host().is_some() => url,
        _ => {
            problems.add(name, "it is not a web address", mend);
            return None;
        }
    };
    let safe = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&url),
        _ => false,
    };
    if !safe {
        problems.add(name, "it must be https, unless its host is this machine itself", mend);
    }
    safe.then_some(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

fn secret_key(source: Source<'_>, problems: &mut Problems) -> Option<Secret> {
    const NAME: &str = "LIANXIN_SECRET_KEY";
    const MEND: &str = "draw one with: openssl rand -hex 32";
    let secret = secret(source, NAME, problems)?;
    let key = secret.expose().to_ascii_lowercase();
    if key.len() != 64 || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        problems.add(NAME, "it is not 64 hexadecimal digits", MEND);
        return None;
    }
    if EXAMPLE.to_ascii_lowercase().contains(&key) {
        problems.add(NAME, "it is the value of the example, which everybody knows", MEND);
        return None;
    }
    Some(Secret::new(key))
}

fn trusted_proxies(source: Source<'_>, problems: &mut Problems) -> Vec<Network> {
    const NAME: &str = "LIANXIN_TRUSTED_PROXIES";
    let Some(text) = optional(source, NAME) else { return Vec::new() };
    let mut networks = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match Network::parse(part) {
            Some(network) => networks.push(network),
            None => problems.add(
                NAME,
                format!("“{part}” is neither an address nor a network"),
                "separate addresses by commas, like 10.0.0.5, 192.168.0.0/24",
            ),
        }
    }
    networks
}

/// A group of addresses that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Reads `10.0.0.5`, `10.0.0.0/8`, `fd00::/8`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        (prefix <= longest).then_some(Self { address, prefix })
    }

    /// Whether an address belongs to it.
    pub fn contains(self, address: IpAddr) -> bool {
        // A socket for both kinds of addresses shows the old kind inside the new one.
        let (one, other, length) = match (self.address, address.to_canonical()) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                (u128::from(u32::from(one)), u128::from(u32::from(other)), 32)
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => (u128::from(one), u128::from(other), 128),
            _ => return false,
        };
        let differing = one ^ other;
        // Shifting by the whole width says that nothing has to be alike.
        differing.checked_shr(length - self.prefix).unwrap_or(0) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_contains_what_begins_alike() {
        for (network, address, expected) in [
            ("10.0.0.5", "10.0.0.5", true),
            ("10.0.0.5", "10.0.0.6", false),
            ("192.168.0.0/24", "192.168.0.255", true),
            ("192.168.0.0/24", "192.168.1.0", false),
            ("192.168.0.0/24", "::ffff:192.168.0.7", true),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "fd00::1", false),
            ("::/0", "fd00::1", true),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
        ] {
            let network = Network::parse(network).unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), expected, "{address}");
        }
        for text in ["10.0.0.0/33", "10.0.0", "fd00::/129", "gateway", "10.0.0.0/-1"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
