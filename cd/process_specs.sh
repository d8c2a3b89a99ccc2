#!/usr/bin/env bash
# Turns the committed documents (schemas/asyncapi) into TypeScript, Python classes, pages, and the models that nginx serves, in
# .build/models. Fails when the committed TypeScript is not what the documents say, and mends it.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

models=$BUILD/models
fresh=$BUILD/specs
system=schemas/asyncapi/joulebus.json
documents=(schemas/asyncapi/*.json)
node() { infra/specs/node "$@"; }

main() {
  mkdir -p "$BUILD/stamps"
  exec 9> "$BUILD/specs.lock"
  command -v flock > /dev/null && flock 9
  due models cd/process_specs.sh infra/specs/*.mjs infra/specs/*.json infra/specs/*.ts infra/specs/pages infra/locks/test.txt schemas/asyncapi \
    schemas/typescript || return 0
  rm -rf "$fresh" && mkdir -p "$fresh/models"
  typescript
  python
  node infra/specs/pages.mjs "$fresh/models/docs" "${documents[@]}"
  node infra/specs/store.mjs "$fresh/models" "$fresh/joulebus.ts" "$fresh/joulebus_specification.py" "${documents[@]}"
  rm -rf "$models" && mv "$fresh/models" "$models"
  drift
  done_with models
}

# One file of interfaces; it compiles as Angular wants it, and so does every example of the documents.
typescript() {
  node infra/specs/typescript.mjs $system "$fresh/joulebus.ts"
  node infra/specs/examples.mjs "$fresh/examples.ts" "${documents[@]}"
  cp infra/specs/tsconfig.json infra/specs/narrowing.ts "$fresh"
  node infra/specs/node_modules/typescript/bin/tsc --project "$fresh/tsconfig.json"
}

# Classes for somebody who has only the specification; from the plain schemas, because messages would each become a class of their own.
python() {
  node infra/specs/definitions.mjs $system "$fresh/definitions.json"
  .venv/bin/datamodel-codegen --input "$fresh/definitions.json" --input-file-type jsonschema --output "$fresh/joulebus_specification.py" \
    --output-model-type pydantic_v2.BaseModel --target-python-version 3.11 --formatters builtin --disable-timestamp --use-annotated \
    --use-schema-description --collapse-root-models --enum-field-as-literal all --strict-nullable --use-union-operator \
    --use-standard-collections --use-tuple-for-fixed-items
  # A field called as a word of Python ("from") has another name in the class; what is dumped must have the name of the wire.
  local word='class Word(BaseModel):\n    model_config = ConfigDict(serialize_by_alias=True)\n\n\n'
  sed -i -e 's/^\(class .*\)(BaseModel):$/\1(Word):/' -e "0,/^class /s//${word}class /" "$fresh/joulebus_specification.py"
}

drift() {
  mkdir -p schemas/typescript
  diff -uN schemas/typescript/joulebus.ts "$fresh/joulebus.ts" > "$fresh/drift" && return 0
  cp "$fresh/joulebus.ts" schemas/typescript/joulebus.ts
  head -n 40 "$fresh/drift" >&2
  fail "schemas/typescript/joulebus.ts was not what the documents say; it is now: look at it and commit it"
}

main "$@"
