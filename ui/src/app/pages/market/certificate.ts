import { hashes, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

hashes.sha512 = sha512;

/** What a certificate proves. */
export interface Proven {
  readonly market: string;
  readonly asset: string;
  readonly epoch: number;
  readonly publicKey: string;
  readonly netWh: number;
}

interface Said {
  readonly document: { asset: string; epoch: number; postings: [from: string, to: string, wh: number, ...unknown[]][] };
  readonly seal: { market: string; epoch: number; count: number; kind: string; root: string };
  readonly index: number;
  readonly path: string[];
  readonly public_key: string;
  readonly signature: string;
}

/**
 * Verify a certificate with nothing but itself: its form, its document in the tree of the seal, and the signature of the seal.
 * Throws an Error that says what does not hold.
 */
export function verifyCertificate(text: string): Proven {
  const said = read(text);
  if (said.seal.epoch !== said.document.epoch || said.index < 0 || said.index >= said.seal.count)
    throw new Error($localize`the document and the seal are of different epochs`);
  if (rootOf(said) !== said.seal.root) throw new Error($localize`the document is not the one that was sealed: something in it was changed`);
  if (!isSigned(said))
    throw new Error($localize`the signature does not fit the seal: it was not made with this key, or the seal was changed`);
  const { asset, postings, epoch } = said.document;
  const netWh = postings.reduce((sum, one) => sum + one[2] * (Number(one[1] === asset) - Number(one[0] === asset)), 0);
  return { market: said.seal.market, asset, epoch, publicKey: said.public_key, netWh };
}

/** JSON with sorted keys, without spaces, in ASCII: so that no byte can be changed unseen. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return ascii(JSON.stringify(value));
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, one]) => `${ascii(JSON.stringify(name))}:${canonical(one)}`).join(',')}}`;
}

function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function read(text: string): Said {
  let said: Said;
  try {
    said = JSON.parse(text) as Said;
  } catch {
    throw new Error($localize`this is no certificate: it must be JSON, as the market gives it`);
  }
  if (said?.seal?.kind !== 'joulebus market seal 1' || canonical(said) !== text)
    throw new Error($localize`this is not a certificate as it was issued: its form was changed`);
  return said;
}

function rootOf(said: Said): string {
  let node = sha256(utf8ToBytes(canonical(said.document)));
  const path = said.path.map(hexToBytes);
  for (let [place, count] = [said.index, said.seal.count]; count > 1; place >>= 1, count = (count + 1) >> 1) {
    if ((place ^ 1) >= count) continue;
    const other = path.shift();
    if (!other) return '';
    node = sha256(concatBytes(Uint8Array.of(1), ...(place & 1 ? [other, node] : [node, other])));
  }
  return path.length ? '' : bytesToHex(node);
}

function isSigned(said: Said): boolean {
  try {
    return verify(hexToBytes(said.signature), utf8ToBytes(canonical(said.seal)), hexToBytes(said.public_key));
  } catch {
    return false; // A key or signature that is none.
  }
}
