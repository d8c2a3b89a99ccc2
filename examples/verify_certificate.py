"""Verifies a certificate of a seal without joulebus: python verify_certificate.py FILE [PUBLIC_KEY]"""

import json
import sys
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


with open(sys.argv[1], "rb") as file:
    text = file.read().removesuffix(b"\n")
said = json.loads(text)
document, seal, index, path = said["document"], said["seal"], said["index"], list(map(bytes.fromhex, said["path"]))
assert canonical(said) == text and seal["kind"] == "joulebus market seal 1", "not a certificate"
assert seal["epoch"] == document["epoch"] and 0 <= index < seal["count"], "not of this seal"
node, place, count = sha256(canonical(document)).digest(), index, seal["count"]
while count > 1:
    if place ^ 1 < count:
        other = path.pop(0)
        node = sha256(b"\1" + (other + node if place & 1 else node + other)).digest()
    place, count = place // 2, (count + 1) // 2
assert node.hex() == seal["root"] and not path, "the document is not the one that was sealed"
assert len(sys.argv) < 3 or sys.argv[2] == said["public_key"], "another key has signed it"
key, signature = bytes.fromhex(said["public_key"]), bytes.fromhex(said["signature"])
Ed25519PublicKey.from_public_bytes(key).verify(signature, canonical(seal))
print(f"sound: {document['asset']} in epoch {seal['epoch']} of {seal['market']}, signed with {said['public_key']}")
