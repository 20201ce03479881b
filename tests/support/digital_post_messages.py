#!/usr/bin/env python3
"""Builds messages of digital post without any of our code: openssl, xmlsec1 and Python's zipfile.

Reads one order or a list of them as JSON from standard input and writes <out>.jwt and <out>.cms for each. What an order
leaves out is right; what it changes goes wrong on purpose:

  out, token, key, chain (PEM: leaf, issuing), root (PEM), operator (certificate, DER)     needed
  type "digital" | "utskrift", sender, avsender, receiver, mailbox, unit, documents [{name, mime, title, text | random: bytes}]
  body       members merged into the business message's body; null removes
  payload    [[pointer, value]] set in the payload, null removes; header: members of the JWS header, null removes
  signature  "broken": the JWS's last signature bytes are turned
  manifest   [[from, to]] in manifest.xml; template: in signatures.xml before signing; signed: after
  zip        {"mimetype": "deflated" | "last" | "missing" | "other", "extra": {name: text}, "missing": [name],
              "swapped": {name: text after signing}, "twice": name, "link": name of a symbolic link, "zip64": true,
              "patch": [[text, text of the same length]], first occurrence each, "cut": bytes from the end}
  only_leaf  one certificate in the package's signature; signed_at: its SigningTime
  asic       {key, chain, root}: other signing material for the package
  cms        {"oaep": "sha256" | "sha1" | "", "cipher": "aes-256-cbc", "stream": true, "recipients": [more], "broken": true}
  digest     instead of the package's
"""
import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import uuid
import warnings
import zipfile
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape, quoteattr

MIMETYPE = "application/vnd.etsi.asic-e+zip"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SDP = "http://begrep.difi.no/sdp/schema_v10"


def run(*words, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def certificates(path):
    """The certificates of a PEM file, as base64 of their DER."""
    found = []
    for part in open(path, encoding="ascii").read().split("-----BEGIN CERTIFICATE-----")[1:]:
        found.append("".join(part.split("-----END")[0].split()))
    return found


def organisation(number):
    return {"authority": "iso6523-actorid-upis", "value": "0192:" + number}


def now(**shift):
    moment = datetime.now(timezone.utc) + timedelta(**shift)
    return moment.isoformat(timespec="milliseconds")


def merge(into, changes):
    for name, value in changes.items():
        if value is None:
            into.pop(name, None)
        elif isinstance(value, dict) and isinstance(into.get(name), dict):
            merge(into[name], value)
        else:
            into[name] = value


def set_at(value, pointer, new):
    *path, last = pointer.split("/")[1:]
    for step in path:
        value = value[int(step)] if isinstance(value, list) else value[step]
    if isinstance(value, list):
        last = int(last)
    if new is None:
        del value[last]
    else:
        value[last] = new


def replaced(text, pairs):
    for old, new in pairs:
        assert old in text, f"{old!r} does not stand in {text!r}"
        text = text.replace(old, new)
    return text


def manifest(order, documents):
    who = ""
    if order["type"] == "digital":
        who = f"<mottaker><person><postkasseadresse>{escape(order['mailbox'])}</postkasseadresse></person></mottaker>"
    unit = f"<avsenderidentifikator>{escape(order['unit'])}</avsenderidentifikator>" if order.get("unit") else ""
    files = ""
    for number, document in enumerate(documents):
        tag = "vedlegg" if number else "hoveddokument"
        files += (f"<{tag} href={quoteattr(document['name'])} mime={quoteattr(document['mime'])}>"
                  f"<tittel lang=\"nb\">{escape(document['title'])}</tittel></{tag}>")
    text = (f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{SDP}">{who}<avsender><organisasjon '
            f'authority="iso6523-actorid-upis">0192:{order["avsender"]}</organisasjon>{unit}</avsender>{files}</manifest>')
    return replaced(text, order.get("manifest", []))


def template(files, chain, signed_at):
    """signatures.xml with empty digests; `files` are (name, type), `chain` is base64 of leaf, issuing, root."""
    der = base64.b64decode(chain[0])
    said = run("openssl", "x509", "-inform", "DER", "-noout", "-serial", "-issuer", "-nameopt", "RFC2253", input=der).decode()
    serial = int(said.split("serial=")[1].split()[0], 16)
    issuer = said.split("issuer=")[1].splitlines()[0]
    references = formats = ""
    for number, (name, mime) in enumerate(files):
        references += (f'<Reference Id="ID_{number}" URI={quoteattr(name)}><DigestMethod Algorithm="{SHA256}"/>'
                       f"<DigestValue/></Reference>")
        formats += f'<DataObjectFormat ObjectReference="#ID_{number}"><MimeType>{mime}</MimeType></DataObjectFormat>'
    listed = "".join(f"<X509Certificate>{one}</X509Certificate>" for one in chain)
    sha1 = base64.b64encode(hashlib.sha1(der).digest()).decode()
    return (
        f'<XAdESSignatures xmlns="http://uri.etsi.org/02918/v1.2.1#"><Signature xmlns="http://www.w3.org/2000/09/xmldsig#" '
        f'Id="Signature"><SignedInfo><CanonicalizationMethod Algorithm="{C14N}"/><SignatureMethod '
        f'Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>{references}'
        f'<Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#SignedProperties"><Transforms><Transform '
        f'Algorithm="{C14N}"/></Transforms><DigestMethod Algorithm="{SHA256}"/><DigestValue/></Reference></SignedInfo>'
        f"<SignatureValue/><KeyInfo><X509Data>{listed}</X509Data></KeyInfo><Object><QualifyingProperties "
        f'xmlns="http://uri.etsi.org/01903/v1.3.2#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Target="#Signature">'
        f'<SignedProperties Id="SignedProperties"><SignedSignatureProperties><SigningTime>{signed_at}</SigningTime>'
        f'<SigningCertificate><Cert><CertDigest><ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>'
        f"<ds:DigestValue>{sha1}</ds:DigestValue></CertDigest><IssuerSerial><ds:X509IssuerName>{escape(issuer)}"
        f"</ds:X509IssuerName><ds:X509SerialNumber>{serial}</ds:X509SerialNumber></IssuerSerial></Cert></SigningCertificate>"
        f"</SignedSignatureProperties><SignedDataObjectProperties>{formats}</SignedDataObjectProperties></SignedProperties>"
        f"</QualifyingProperties></Object></Signature></XAdESSignatures>")


def signatures(order, contents, types):
    """signatures.xml over `contents` (name -> bytes), signed by xmlsec1."""
    material = order.get("asic", order)
    chain = certificates(material["chain"])[:2] + certificates(material["root"])
    if order.get("only_leaf"):
        chain = chain[:1]
    text = template(list(types.items()), chain, order.get("signed_at") or now())
    text = replaced(text, order.get("template", []))
    with tempfile.TemporaryDirectory() as folder:
        for name, content in contents.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        with open(os.path.join(folder, "template.xml"), "w", encoding="utf-8") as file:
            file.write(text)
        run("xmlsec1", "--sign", "--privkey-pem", material["key"], "--id-attr:Id",
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "--output", "signed.xml", "template.xml", cwd=folder)
        with open(os.path.join(folder, "signed.xml"), encoding="utf-8") as file:
            return replaced(file.read(), order.get("signed", []))


def package(order):
    documents = order["documents"]
    contents = {"manifest.xml": manifest(order, documents).encode()}
    types = {"manifest.xml": "application/xml"}
    for document in documents:
        given = os.urandom(document["random"]) if "random" in document else document["text"].encode()
        contents[document["name"]] = given
        types[document["name"]] = document["mime"]
    wish = order.get("zip", {})
    signed = signatures(order, contents, types)
    contents.update({name: text.encode() for name, text in wish.get("swapped", {}).items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        how = wish.get("mimetype", "")
        first = zipfile.ZIP_DEFLATED if how == "deflated" else zipfile.ZIP_STORED
        if how not in ("last", "missing"):
            file.writestr("mimetype", "application/zip" if how == "other" else MIMETYPE, first)
        for name, content in contents.items():
            if name not in wish.get("missing", []):
                with file.open(name, "w", force_zip64=wish.get("zip64", False)) as entry:
                    entry.write(content)
        if "META-INF/signatures.xml" not in wish.get("missing", []):
            file.writestr("META-INF/signatures.xml", signed)
        for name, text in wish.get("extra", {}).items():
            file.writestr(name, text)
        if wish.get("link"):
            link = zipfile.ZipInfo(wish["link"])
            link.create_system = 3
            link.external_attr = 0o120777 << 16
            file.writestr(link, "/etc/passwd")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if wish.get("twice"):
                file.writestr(wish["twice"], contents[wish["twice"]])
        if how == "last":
            file.writestr("mimetype", MIMETYPE, first)
    plain = out.getvalue()
    for old, new in wish.get("patch", []):
        plain = plain.replace(old.encode(), new.encode(), 1)
    return plain[:len(plain) - wish.get("cut", 0)]


def seal(order, plain):
    wish = order.get("cms", {})
    words = ["openssl", "cms", "-encrypt", "-binary", "-outform", "DER", "-" + wish.get("cipher", "aes-256-cbc")]
    if wish.get("stream"):
        words.append("-stream")
    digest = wish.get("oaep", "sha256")
    with tempfile.TemporaryDirectory() as folder:
        for number, der in enumerate([order["operator"]] + wish.get("recipients", [])):
            pem = os.path.join(folder, f"{number}.pem")
            run("openssl", "x509", "-inform", "DER", "-in", der, "-out", pem)
            words += ["-recip", pem]
            if digest:
                words += ["-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:" + digest, "-keyopt",
                          "rsa_mgf1_md:" + wish.get("mgf1", digest)]
        sealed = run(*words, input=plain)
    if wish.get("broken"):
        at = len(sealed) // 2
        sealed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1:]
    return sealed


def address():
    return {"navn": "Kari Nordmann", "adresselinje1": "Storgata 1", "postnummer": "0155", "poststed": "Oslo"}


def business_message(order, sealed):
    kind = order["type"]
    sender = {"virksomhetsidentifikator": organisation(order["avsender"])}
    if order.get("unit"):
        sender["avsenderidentifikator"] = order["unit"]
    digest = order.get("digest") or base64.b64encode(hashlib.sha256(sealed).digest()).decode()
    body = {"avsender": sender, "dokumentpakkefingeravtrykk": {"digestMethod": SHA256, "digestValue": digest},
            "maskinportentoken": order["token"]}
    if kind == "digital":
        body.update(mottaker={"postkasseadresse": order["mailbox"]}, sikkerhetsnivaa=3, ikkesensitivtittel="Brev fra kommunen",
                    spraak="nb", varsler={"epostvarsel": {"epostadresse": "kari@example.no", "varslingstekst": "Du har post",
                                                          "repetisjoner": [0, 7]}})
    else:
        body.update(mottaker=address(), utskriftstype="SORT_HVIT", posttype="B",
                    retur={"mottaker": address(), "returposthaandtering": "DIREKTE_RETUR"})
    merge(body, order.get("body", {}))
    urn = "urn:fdc:digdir.no:2020:innbyggerpost:"
    header = {
        "headerVersion": "1.0",
        "sender": [{"identifier": organisation(order["sender"])}],
        "receiver": [{"identifier": organisation(order["receiver"])}],
        "documentIdentification": {"standard": f"{urn}xsd::innbyggerpost##{urn}schema:{kind}::1.0", "typeVersion": "1.0",
                                   "instanceIdentifier": order.get("id") or str(uuid.uuid4()), "type": kind,
                                   "creationDateAndTime": now()},
        "businessScope": {"scope": [{"type": "ConversationId",
                                     "instanceIdentifier": order.get("conversation") or str(uuid.uuid4()),
                                     "identifier": f"urn:fdc:digdir.no:2020:profile:egovernment:innbyggerpost:{kind}:ver1.0",
                                     "scopeInformation": [{"expectedResponseDateTime": now(days=1)}]}]}}
    payload = {"standardBusinessDocument": {"standardBusinessDocumentHeader": header, kind: body}}
    for pointer, value in order.get("payload", []):
        set_at(payload, pointer, value)
    return payload


def jws(order, payload):
    header = {"x5c": certificates(order["chain"])[:1], "alg": "RS256"}
    merge(header, order.get("header", {}))
    text = url64(json.dumps(header).encode()) + "." + url64(json.dumps(payload, ensure_ascii=False).encode())
    signature = run("openssl", "dgst", "-sha256", "-sign", order["key"], input=text.encode())
    if order.get("signature") == "broken":
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    return text + "." + url64(signature)


PACKAGE = ("type", "key", "chain", "root", "operator", "avsender", "mailbox", "unit", "documents", "manifest", "template", "signed",
           "zip", "only_leaf", "signed_at", "asic", "cms")
packages = {}


def sealed_package(order):
    """The same bytes for orders that differ in their message only."""
    name = json.dumps([order.get(part) for part in PACKAGE])
    if name not in packages:
        packages[name] = seal(order, package(order))
    return packages[name]


def build(order):
    """(the JWS, the CMS) of one order."""
    order = {"type": "digital", "sender": "310000019", "avsender": "310000019", "mailbox": "kari.nordmann#4F2K",
             "receiver": "974761076" if order.get("type") == "utskrift" else "984661185",
             "documents": [{"name": "vedtak.pdf", "mime": "application/pdf", "title": "Vedtak", "text": "%PDF-1.4 vedtak"}],
             **order}
    sealed = sealed_package(order)
    return jws(order, business_message(order, sealed)), sealed


def main():
    orders = json.load(sys.stdin)
    for order in orders if isinstance(orders, list) else [orders]:
        compact, sealed = build(order)
        with open(order["out"] + ".jwt", "w", encoding="ascii") as file:
            file.write(compact)
        with open(order["out"] + ".cms", "wb") as file:
            file.write(sealed)


if __name__ == "__main__":
    main()
