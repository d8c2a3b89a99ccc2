// node convert.mjs FILE VERSION: a document in another version of AsyncAPI, as @asyncapi/converter writes it
import { readFileSync } from 'node:fs';
import { convert } from '@asyncapi/converter';

const [, , file, version] = process.argv;
console.log(convert(readFileSync(file, 'utf8'), version));
