"""wechatpy seals pushes, `lianxin serve` answers, wechatpy opens the answers.

Everything is made up. The platform's interfaces are nowhere: only pushes and answers are tried.
Run it by scripts/interop-wechatpy.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import WeChatSigner

TOKEN = "tokenOfTheTests"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx0000000000000001"
ORIGINAL_ID = "gh_000000000001"
OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"


def signature(*parts):
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


def query(timestamp, nonce, **more):
    signed = signature(TOKEN, timestamp, nonce)
    return urllib.parse.urlencode(
        {"signature": signed, "timestamp": timestamp, "nonce": nonce, "openid": OPENID, **more}
    )


def ask(address, body=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data=body), timeout=20) as got:
            return got.status, got.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def message(number, kind, fields, event=False):
    ident = "" if event else f"<MsgId>{7000000000000000000 + number}</MsgId>"
    return (
        f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>"
        f"<FromUserName><![CDATA[{OPENID}]]></FromUserName>"
        f"<CreateTime>{1772413200 + number}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{fields}{ident}</xml>"
    )


def cdata(**fields):
    return "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())


PUSHES = [
    ("follow", "event", cdata(Event="subscribe", EventKey="")),
    ("text", "text", cdata(Content="路灯坏了，王庄村东头 ]]&gt; <b>&amp;\n第二行")),
    ("image", "image", cdata(PicUrl="http://mmbiz.qpic.cn/x/0", MediaId="media-image")),
    ("voice", "voice", cdata(MediaId="media-voice", Format="amr", Recognition="就在村口。")),
    (
        "location",
        "location",
        "<Location_X>38.991200</Location_X><Location_Y>116.103400</Location_Y>"
        "<Scale>16</Scale>" + cdata(Label="王庄村"),
    ),
    ("emoji", "text", cdata(Content="谢谢👍🏽")),
    ("click", "event", cdata(Event="CLICK", EventKey="MINE")),
    ("many lengths", "text", cdata(Content="x")),
]


class Pushes:
    def __init__(self, address):
        self.webhook = f"{address}/wechat/main"
        self.crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)

    def push(self, clear, crypto=None):
        nonce, timestamp = "1320562132", str(int(time.time()))
        sealed = (crypto or self.crypto).encrypt_message(clear, nonce, timestamp)
        between = lambda tag: sealed.split(f"<{tag}><![CDATA[")[1].split("]]>")[0]
        encrypt, signed = between("Encrypt"), between("MsgSignature")
        body = f"<xml>{cdata(ToUserName=ORIGINAL_ID, Encrypt=encrypt)}</xml>".encode()
        asked = query(timestamp, nonce, encrypt_type="aes", msg_signature=signed)
        return ask(f"{self.webhook}?{asked}", body)

    def opened(self, answer):
        between = lambda tag: answer.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        word = lambda tag: between(tag).removeprefix("<![CDATA[").removesuffix("]]>")
        clear = self.crypto.decrypt_message(
            answer, word("MsgSignature"), word("TimeStamp"), word("Nonce")
        )
        return parse_message(clear)

    def say(self, what, clear):
        status, answer = self.push(clear)
        assert status == 200, f"{what}: {status}"
        if answer == "success":
            print(f"  {what}: nothing to say")
            return None
        reply = self.opened(answer)
        assert reply.type == "text" and reply.content.strip(), f"{what}: {reply}"
        assert (reply.target, reply.source) == (OPENID, ORIGINAL_ID), f"{what}: {reply}"
        again = self.opened(self.push(clear)[1])
        assert again.content == reply.content, f"{what}: the repeat hears something else"
        print(f"  {what}: {reply.content.splitlines()[0]}")
        return reply.content

    def all(self):
        echoed = query("1772413200", "7", echostr="4375120948345356249")
        assert ask(f"{self.webhook}?{echoed}") == (200, "4375120948345356249")
        for number, (what, kind, fields) in enumerate(PUSHES):
            self.say(what, message(number, kind, fields, event=kind == "event"))
        # Every length of the padding, in both directions.
        for number in range(100, 164):
            text = cdata(Content="帮助" + "x" * (number - 100))
            status, answer = self.push(message(number, "text", text))
            assert status == 200 and self.opened(answer).content, number
        # What is not the account's is refused, by either side.
        hello = message(900, "text", cdata(Content="你好"))
        assert self.push(hello, WeChatCrypto("another", AES_KEY, APP_ID))[0] == 403
        assert self.push(hello, WeChatCrypto(TOKEN, AES_KEY, "wx9999999999999999"))[0] == 403
        assert self.push(hello, WeChatCrypto(TOKEN, AES_KEY[::-1], APP_ID))[0] == 400
        try:
            answer = self.push(hello)[1]
            stranger = WeChatCrypto("another", AES_KEY, APP_ID)
            stranger.decrypt_message(answer, "0" * 40, "1", "2")
            raise AssertionError("wechatpy opened an answer with a wrong signature")
        except InvalidSignatureException:
            pass


def main(program):
    program = os.path.abspath(program)
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "LIANXIN_SECRET_KEY": "f00dcafe" * 8,
            "LIANXIN_LISTEN": "127.0.0.1:0",
            "LIANXIN_WECHAT_API_URL": "http://127.0.0.1:1",
            "LIANXIN_ACCOUNT_MAIN_APP_ID": APP_ID,
            "LIANXIN_ACCOUNT_MAIN_APP_SECRET": "s3cret",
            "LIANXIN_ACCOUNT_MAIN_TOKEN": TOKEN,
            "LIANXIN_ACCOUNT_MAIN_AES_KEY": AES_KEY,
            "LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID": ORIGINAL_ID,
        }
        subprocess.run([program, "import", "demo"], cwd=folder, env={}, check=True)
        served = subprocess.Popen(
            [program, "serve"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            mark, line = "listening on ", served.stdout.readline()
            assert mark in line, "serve did not start"
            Pushes(line.split(mark)[1].strip()).all()
        finally:
            served.terminate()
            assert served.wait(timeout=30) == 0
    print("wechatpy and lianxin understand each other")


if __name__ == "__main__":
    main(sys.argv[1])
