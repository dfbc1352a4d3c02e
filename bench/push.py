#!/usr/bin/env python3
"""How many pushes `lianxin serve` answers in a second, and what one costs.

    bench/push.py target/release/lianxin
    bench/push.py target/release/lianxin --database-url postgres://…   (an empty database)

Every resident writes four times: a matter, the confirmation, a word, the list of their matters.
Needs nothing but Python. Plain mode, because sealing would be the generator's work, not the
server's; it adds some microseconds.
"""

import argparse
import hashlib
import http.client
import os
import subprocess
import tempfile
import threading
import time

TOKEN, ORIGINAL_ID = "tokenOfTheBench", "gh_000000000001"
TALK = ["路灯坏了三天了，王庄村东头", "1", "谢谢", "我的诉求"]


def push(resident, step, words):
    number = resident * 10 + step
    return (
        f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>"
        f"<FromUserName><![CDATA[o-bench-{resident}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{words}]]></Content><MsgId>{7000000000000000000 + number}</MsgId></xml>"
    ).encode()


def signed():
    timestamp, nonce = str(int(time.time())), "7"
    parts = "".join(sorted([TOKEN, timestamp, nonce]))
    signature = hashlib.sha1(parts.encode()).hexdigest()
    return f"/wechat/main?signature={signature}&timestamp={timestamp}&nonce={nonce}"


def talk(address, residents, times, failures):
    connection = http.client.HTTPConnection(address, timeout=30)
    path = signed()
    for resident in residents:
        for step, words in enumerate(TALK):
            begun = time.perf_counter()
            connection.request("POST", path, push(resident, step, words))
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - begun)
            if answer.status != 200:
                failures.append(answer.status)


def cost(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{process}/status") as file:
        resident = next(line for line in file if line.startswith("VmRSS")).split()[1]
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(resident) / 1024


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("--database-url")
    arguments.add_argument("--residents", type=int, default=1000)
    arguments.add_argument("--at-once", type=int, default=32)
    given = arguments.parse_args()
    program = os.path.abspath(given.program)
    environment = {
        "RUST_LOG": "warn",
        "LIANXIN_SECRET_KEY": "f00dcafe" * 8,
        "LIANXIN_LISTEN": "127.0.0.1:0",
        "LIANXIN_PUBLIC_URL": "http://127.0.0.1",
        "LIANXIN_WECHAT_API_URL": "http://127.0.0.1:1",
        "LIANXIN_ACCOUNT_MAIN_APP_ID": "wx0000000000000001",
        "LIANXIN_ACCOUNT_MAIN_APP_SECRET": "s3cret",
        "LIANXIN_ACCOUNT_MAIN_TOKEN": TOKEN,
        "LIANXIN_ACCOUNT_MAIN_MODE": "plain",
        "LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID": ORIGINAL_ID,
    }
    if given.database_url:
        environment["DATABASE_URL"] = given.database_url
    with tempfile.TemporaryDirectory(dir=".") as folder:
        subprocess.run([program, "import", "demo"], cwd=folder, env=environment, check=True)
        served = subprocess.Popen(
            [program, "serve"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            address = served.stdout.readline().split("http://")[1].strip()
            before, small = cost(served.pid)
            times, failures, begun = [], [], time.perf_counter()
            shares = [range(n, given.residents, given.at_once) for n in range(given.at_once)]
            threads = [
                threading.Thread(target=talk, args=(address, share, times, failures))
                for share in shares
            ]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            took = time.perf_counter() - begun
            after, large = cost(served.pid)
        finally:
            served.terminate()
            served.wait()
    times.sort()
    percentile = lambda part: times[int(len(times) * part)] * 1000
    print(f"{len(times)} pushes, {len(failures)} not answered with 200")
    print(f"{len(times) / took:.0f} pushes a second, {given.at_once} at once")
    print(f"half within {percentile(0.5):.1f} ms, 99 of 100 within {percentile(0.99):.1f} ms")
    print(f"{(after - before) * 1e6 / len(times):.0f} µs of CPU a push in the server's process")
    print(f"memory {small:.1f} MiB before, {large:.1f} MiB after")


if __name__ == "__main__":
    main()
