// node parse.mjs FILE...: what @asyncapi/parser says of documents, one JSON object a line: {file, diagnostics}
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const parser = new Parser();
for (const file of process.argv.slice(2)) {
  const { diagnostics } = await parser.parse(readFileSync(file, 'utf8'), { source: file });
  const said = diagnostics.map(({ code, severity, path, message }) => ({ code, severity, path: path.join('/'), message }));
  console.log(JSON.stringify({ file, diagnostics: said }));
}
