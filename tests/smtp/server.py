#!/usr/bin/env python3
"""A real SMTP server (aiosmtpd) for tests, which fails by script at a chosen stage and keeps what it accepted.

    server.py --tls starttls|implicit|none --certificate CERT.pem --key KEY.pem --user U --password P --script SCRIPT.json --mails DIR

The first line it prints is `listening on PORT` (127.0.0.1). It serves until its standard input ends, so it cannot outlive the test
that started it. The script is a list of rules, or {"rules": [...], "generation": n}; a rule is used up by one message try:

    {"at": "greeting|auth|mail|rcpt|data|message|after", "do": "accept" | "hang" | "cut" | {"answer": "451 4.3.0 later"}, "to": "a@b"}
"""
import argparse
import asyncio
import collections
import json
import logging
import os
import re
import ssl
import sys
import threading
import traceback
import warnings
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, TLSSetupException

MAXIMUM_MESSAGE = 52428800
STAGES = ("greeting", "auth", "mail", "rcpt", "data", "message", "after")
# Stages that a connection passes once: no rule for them can be followed by a later message of the same connection.
BEFORE_ANY_MESSAGE = ("greeting", "auth")
A_DAY = 86400.0
ACCEPT = {"do": "accept"}


class Script:
    """The rules of the script file, which tests replace while the server runs."""

    def __init__(self, path):
        self.path = path
        self.generation = None
        self.used = 0

    def rules(self):
        """What the file says now; a missing file is a script without rules."""
        try:
            script = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        rules, generation = (script, None) if isinstance(script, list) else (script["rules"], script["generation"])
        for rule in rules:
            self.check(rule)
        if generation != self.generation:
            self.generation, self.used = generation, 0
        return rules

    def check(self, rule):
        """Refuse what no stage would ever follow: a rule without effect would let a test pass for nothing."""
        unknown = set(rule) - {"at", "do", "to"}
        stage, action = rule.get("at"), rule["do"]
        if unknown or stage not in STAGES and rule != ACCEPT or "to" in rule and stage != "rcpt":
            raise ValueError(f"not a rule: {rule}")
        if isinstance(action, dict):
            lines = action["answer"].split("\n")
            # A 2xx or 3xx answer would tell the client of a success that the server has not recorded.
            codes = {re.fullmatch(r"([45]\d\d)[ -].+", line)[1] for line in lines}
            if set(action) != {"answer"} or len(codes) != 1 or lines[-1][3] != " ":
                raise ValueError(f"not an answer: {action}")
        elif action not in ("accept", "hang", "cut"):
            raise ValueError(f"not an action: {action}")

    def next_rule(self, without=()):
        """The rule for a new message try, now used up, or None. A rule for a stage in `without` waits for another try."""
        try:
            rules = self.rules()
        except Exception:  # whatever is wrong with the file
            # Serving on would accept everything, and the test would believe that its script was followed.
            traceback.print_exc()
            print(f"server.py: {self.path} is not a script", file=sys.stderr, flush=True)
            os._exit(2)
        if self.used >= len(rules) or rules[self.used].get("at") in without:
            return None
        self.used += 1
        return rules[self.used - 1]


class Mails:
    """The folder of accepted messages: NNNN.eml and, before it, NNNN.json with its envelope."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        # A server started again on the same folder must not write over what the first one accepted.
        self.count = max((int(path.stem) for path in folder.glob("*.json") if path.stem.isdigit()), default=0)

    def keep(self, content, envelope):
        """Keep one message. The .eml comes last, so that whoever sees it can read both."""
        self.count += 1
        self.write(f"{self.count:04}.json", json.dumps(envelope, ensure_ascii=False).encode())
        self.write(f"{self.count:04}.eml", content)

    def write(self, name, data):
        """A file is seen whole or not at all."""
        temporary = self.folder / f"{name}.part"
        temporary.write_bytes(data)
        temporary.rename(self.folder / name)


class ScriptedSMTP(SMTP):
    """One connection: aiosmtpd's, with the script asked at each stage."""

    # The challenges that servers in use send; aiosmtpd's own end in a zero byte.
    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"
    command_size_limit = 1001  # aiosmtpd's 512 is too short for the AUTH line of a long password

    def __init__(self, handler, script, **settings):
        self.script = script
        self.rule = None
        self.messages_tried = 0
        # aiosmtpd has one such dict for all connections, which each new one clears under those that are open.
        self.command_size_limits = collections.defaultdict(lambda: self.command_size_limit)
        super().__init__(handler, **settings)

    async def _handle_client(self):
        """The connection's only entry before the greeting: aiosmtpd has no hook there."""
        self.rule = self.script.next_rule()
        answer = await self.scripted("greeting")
        if answer is None:
            await super()._handle_client()
            return
        try:
            await self.push(answer)
            # RFC 5321 3.1: a server that refused in its greeting waits for QUIT. (421 closes, see `push`.)
            while (await self._reader.readuntil()).strip().upper() != b"QUIT":
                await self.push("503 5.5.1 No service here")
            await self.push("221 2.0.0 Bye")
        finally:
            self._writer.close()

    def begin_message(self):
        """A connection's rule is for its first message; each later one, or one that found no rule yet, asks the script anew."""
        if self.messages_tried or self.rule is None:
            self.rule = self.script.next_rule(without=BEFORE_ANY_MESSAGE)
        self.messages_tried += 1

    async def scripted(self, stage, recipient=None):
        """Do what the rule wants at this stage: None to go on, or the answer to give. Does not return when it hangs or cuts."""
        rule = self.rule or ACCEPT
        if rule.get("at") != stage or rule["do"] == "accept":
            return None
        if recipient is not None and rule.get("to", recipient).casefold() != recipient.casefold():
            return None
        if rule["do"] == "hang":
            await self.hang()
        if rule["do"] == "cut":
            await self.cut()
        return rule["do"]["answer"].replace("\n", "\r\n")

    async def hang(self):
        """Never answer again. What the client sends is read away, or its leaving would stay unseen behind a full buffer."""
        try:
            while await self._reader.read(65536):
                pass
            await self.loop.create_future()  # ended by the cancellation that comes with the connection's end
        finally:
            self._writer.close()

    async def cut(self):
        """Drop the connection at once: no answer, no TLS farewell."""
        self.transport.abort()
        await self.hang()

    async def push(self, status):
        """Send an answer; one that announces the end of the service (421) is followed by it."""
        await super().push(status)
        if status[:3] in ("421", b"421"):
            self.transport.close()
            await self.hang()

    async def smtp_DATA(self, arg):
        """The stages before the message's end, which aiosmtpd has no hooks for. Out of order, it answers by itself."""
        if self.envelope.rcpt_tos and not arg:
            answer = await self.scripted("data")
            if answer is not None:
                await self.push(answer)
                return
            if self.rule and self.rule.get("at") == "message" and self.rule["do"] == "cut":
                await self.push("354 End data with <CR><LF>.<CR><LF>")
                await self._reader.read(100)
                await self.cut()
        await super().smtp_DATA(arg)

    async def auth_PLAIN(self, _, args):
        return await self.scripted_login(await super().auth_PLAIN(_, args))

    async def auth_LOGIN(self, _, args):
        return await self.scripted_login(await super().auth_LOGIN(_, args))

    async def scripted_login(self, result):
        """As in the world, a login is refused after the client has shown its credentials, not at the word AUTH."""
        if not result.success and result.handled:
            return result  # not even credentials: already answered
        answer = await self.scripted("auth")
        return result if answer is None else AuthResult(success=False, handled=False, message=answer)

    def is_secure(self):
        return self.transport.get_extra_info("ssl_object") is not None

    def user(self):
        return self.session.auth_data.login.decode() if self.session.authenticated else None


class Handler:
    """aiosmtpd's hooks, called when a command is in order and only its answer is missing."""

    def __init__(self, mails, login):
        self.mails = mails
        self.login = login

    def authenticate(self, _server, _session, _envelope, _mechanism, shown):
        known = (shown.login, shown.password) == self.login
        return AuthResult(success=known, handled=False, auth_data=shown)

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        session.host_name = hostname
        return [line for line in responses if self.login or not line.startswith("250-AUTH")]

    async def handle_MAIL(self, server, _session, envelope, address, options):
        server.begin_message()
        answer = await server.scripted("mail") or refusal_of_utf8(envelope, address)
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(self, server, _session, envelope, address, options):
        answer = await server.scripted("rcpt", address) or refusal_of_utf8(envelope, address)
        if answer is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, server, _session, envelope):
        answer = await server.scripted("message")
        if answer is None:
            self.mails.keep(
                envelope.original_content,
                {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": server.is_secure(), "user": server.user()},
            )
            answer = await server.scripted("after")
        return answer or "250 2.0.0 OK"

    async def handle_exception(self, error):
        """A client that refuses our certificate is what some tests are for; anything else is this server's own fault."""
        if not isinstance(error, TLSSetupException):
            traceback.print_exception(error)
        return "451 4.3.0 server.py failed"


def refusal_of_utf8(envelope, address):
    """RFC 6531: only a MAIL with SMTPUTF8 may bring such addresses, and servers in use refuse them otherwise."""
    return None if address.isascii() or envelope.smtp_utf8 else "553 5.6.7 Address needs SMTPUTF8"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tls", choices=("starttls", "implicit", "none"), required=True)
    parser.add_argument("--certificate", type=Path, help="with its chain; not for --tls none")
    parser.add_argument("--key", type=Path)
    parser.add_argument("--user", help="without it nobody can log in, nor has to")
    parser.add_argument("--password")
    parser.add_argument("--script", type=Path, required=True)
    parser.add_argument("--mails", type=Path, required=True)
    chosen = parser.parse_args()
    if chosen.tls != "none" and not (chosen.certificate and chosen.key):
        parser.error("--certificate and --key are needed for TLS")
    if (chosen.user is None) != (chosen.password is None) or chosen.user == "":
        parser.error("--user and --password go together")
    return chosen


async def serve(chosen):
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    context = None
    if chosen.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(chosen.certificate, chosen.key)
    starttls = chosen.tls == "starttls"
    script = Script(chosen.script)
    handler = Handler(Mails(chosen.mails), chosen.user and (chosen.user.encode(), chosen.password.encode()))

    def connection():
        return ScriptedSMTP(
            handler,
            script,
            data_size_limit=MAXIMUM_MESSAGE,
            enable_SMTPUTF8=True,
            hostname="localhost",
            tls_context=context if starttls else None,
            require_starttls=starttls,
            auth_required=bool(handler.login),
            auth_require_tls=starttls,  # aiosmtpd does not know of TLS that is there from the start
            auth_exclude_mechanism=() if handler.login else ("PLAIN", "LOGIN"),
            authenticator=handler.authenticate,
            timeout=A_DAY,  # "hang" must not end by itself
            loop=loop,
        )

    listener = await loop.create_server(
        connection, "127.0.0.1", 0, ssl=None if starttls else context, backlog=512)
    print(f"listening on {listener.sockets[0].getsockname()[1]}", flush=True)
    ended = asyncio.Event()

    def watch_stdin():
        """In a thread, since asyncio cannot watch every kind of standard input."""
        while sys.stdin.buffer.read(4096):
            pass
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=watch_stdin, daemon=True).start()
    await ended.wait()
    listener.close()


if __name__ == "__main__":
    # Their warnings are about what the tests do on purpose: logins in clear, certificates refused, connections dropped.
    warnings.simplefilter("ignore")
    for noisy in ("mail.log", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    asyncio.run(serve(arguments()))
