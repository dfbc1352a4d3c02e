//! Whoever reaches the port may send anything, and slowly: the service says no and goes on.

use crate::harness::{
    fresh,
    site::{APP_ID, KEY, TOKEN, TestSite, account, sealed, signed, text},
    sqlite,
};
use lianxin::wechat::account::Mode;
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

fn connect(site: &TestSite) -> TcpStream {
    let stream = TcpStream::connect(site.host()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Everything until the server closes; a reset is an end as well.
fn rest(stream: &mut TcpStream) -> String {
    let (mut all, mut part) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(read) => all.extend_from_slice(&part[..read]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}"),
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// Sends as much as the server takes and returns its answer.
fn exchange(site: &TestSite, request: &[u8]) -> String {
    let mut stream = connect(site);
    let _ = stream.write_all(request);
    rest(&mut stream)
}

async fn still_answers(site: &TestSite) {
    let id = u64::from(fresh().as_fields().0);
    let (query, body) = sealed(TOKEN, KEY, APP_ID, &text("o-resident", id, "你好"));
    let (status, answer) = site.push(&query, body).await;
    assert_eq!(status, 200);
    assert!(answer.contains("Encrypt"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bytes_that_somebody_signed_do_harm() {
    let database = sqlite().await;
    let plain = TestSite::serving(account(Mode::Plain), &database.store);
    let safe = TestSite::serving(account(Mode::Safe), &database.store);
    let good = text("o-resident", 1, "路灯坏了");
    for _ in 0..150 {
        // Genuine pushes with some bytes changed, cut out or doubled, and plain noise.
        let mut bytes = good.clone().into_bytes();
        for change in fresh().as_bytes().chunks(4) {
            let at = usize::from(u16::from_be_bytes([change[0], change[1]])) % bytes.len();
            match change[2] % 4 {
                0 => bytes[at] = change[3],
                1 => drop(
                    bytes.drain(at..(at + usize::from(change[3])).min(bytes.len() - 1).max(at)),
                ),
                2 => bytes.insert(at, change[3]),
                _ => bytes.splice(at..at, fresh().into_bytes()).for_each(drop),
            }
        }
        let (status, _) = plain.push(&signed(TOKEN), bytes.clone()).await;
        assert!(
            [200, 400, 403].contains(&status),
            "{status}: {:?}",
            String::from_utf8_lossy(&bytes)
        );
        let message = String::from_utf8_lossy(&bytes).into_owned();
        let (query, body) = sealed(TOKEN, KEY, APP_ID, &message);
        let (status, _) = safe.push(&query, body).await;
        assert!([200, 400, 403].contains(&status), "{status}: {message:?}");
        let (status, _) = safe.push(&query, bytes).await;
        assert!([400, 403].contains(&status), "{status}");
    }
    still_answers(&safe).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_or_too_much_of_it_is_refused() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let long = "x".repeat(200_000);
    let many: Vec<String> = (0..500).map(|n| format!("X-{n}: y\r\n")).collect();
    let many = many.concat();
    for request in [
        "\0\0\0\0\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        format!("GET /wechat/main?{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!("GET /wechat/main HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"),
        format!("GET /wechat/main HTTP/1.1\r\nHost: x\r\n{many}\r\n"),
        "POST /wechat/main HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "POST /wechat/main HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
        "POST /wechat/main HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n".to_owned(),
    ] {
        let answer = exchange(&site, request.as_bytes());
        let refused = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
        assert!(refused, "{request:.60}: {answer}");
    }
    still_answers(&site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_in_chunks_and_two_in_one_breath_are_answered_in_order() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Plain), &database.store);
    let push = |id, head: &str, chunked: bool| {
        let body = text("o-resident", id, "你好");
        let path = format!("POST /wechat/main?{} HTTP/1.1\r\nHost: x\r\n{head}", signed(TOKEN));
        if !chunked {
            return format!("{path}Content-Length: {}\r\n\r\n{body}", body.len());
        }
        let chunks: Vec<String> = body
            .split_inclusive('>')
            .map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()))
            .collect();
        format!("{path}Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", chunks.concat())
    };
    let both = format!("{}{}", push(1, "", true), push(2, "Connection: close\r\n", false));
    let answers = exchange(&site, both.as_bytes());
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 2, "{answers}");
    assert_eq!(answers.matches("<MsgType>").count(), 2, "{answers}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_trickles_is_hung_up_on() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let begun = Instant::now();
    let head = format!("POST /wechat/main?{} HTTP/1.1\r\nHost: x\r\n", signed(TOKEN));
    let mut slow_head = connect(&site);
    slow_head.write_all(head.as_bytes()).unwrap();
    let mut slow_body = connect(&site);
    slow_body.write_all(format!("{head}Content-Length: 100\r\n\r\n<xml>").as_bytes()).unwrap();
    let mut silent = connect(&site);
    let answers = tokio::task::block_in_place(|| {
        [rest(&mut slow_head), rest(&mut slow_body), rest(&mut silent)]
    });
    assert!(answers[1].starts_with("HTTP/1.1 408"), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.is_empty() || answer.contains(" 408 ")));
    assert!(begun.elapsed() < Duration::from_secs(25));
    still_answers(&site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_open_connections_keep_nobody_out() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Safe), &database.store);
    let open: Vec<TcpStream> = (0..1000)
        .map(|n| {
            let mut stream = connect(&site);
            if n % 2 == 0 {
                stream.write_all(b"POST /wechat/main?").unwrap();
            }
            stream
        })
        .collect();
    still_answers(&site).await;
    assert_eq!(site.get("/health/live").await.0, 200);
    drop(open);
    still_answers(&site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_body_is_read_and_one_byte_more_is_not() {
    let database = sqlite().await;
    let site = TestSite::serving(account(Mode::Plain), &database.store);
    let around = text("o-resident", 1, "").len();
    for (extra, status) in [(0, 200), (1, 413)] {
        let body = text("o-resident", 1, &"x".repeat(64 * 1024 - around + extra));
        assert_eq!(site.push(&signed(TOKEN), body).await.0, status);
    }
}
