#!/usr/bin/env bash
# Builds the dashboard (ui/) into the package, from where each home serves it: cd/ui.sh. `cd/ui.sh serve` is the developers' server,
# which builds again on each change and leads to the home that is up; `cd/ui.sh check` formats, lints, types and asks whether each text is
# there in German; `cd/ui.sh test`.
set -euo pipefail
cd "$(dirname "$0")/.."
. cd/common.sh

built=components/joulebus/dashboard
tool() { (cd ui && ../infra/specs/node "node_modules/$1" "${@:2}"); }

main() {
  mkdir -p "$BUILD/stamps"
  exec 8> "$BUILD/ui.lock"
  command -v flock > /dev/null && flock 8
  packages
  case ${1:-build} in
    build) build ;;
    serve) exec 8>&- && tool @angular/cli/bin/ng.js serve ;;
    check) check ;;
    test) tool @angular/cli/bin/ng.js test ;;
    *) fail "cd/ui.sh does build, serve, check and test, not $1" ;;
  esac
}

packages() {
  if due ui_packages ui/package-lock.json ui/tools/bundle_autobahn.mjs ui/tools/check_lock.mjs || [ ! -d ui/node_modules ] || [ ! -f ui/src/vendor/autobahn.mjs ]; then
    watched "$BUILD/ui_packages.log" "installing what builds the dashboard (Angular) into ui/node_modules" \
      npm --prefix ui ci --ignore-scripts --loglevel=error --no-progress || fail "the packages of the dashboard could not be installed (see above)."
    (cd ui && ../infra/specs/node tools/check_lock.mjs && ../infra/specs/node tools/bundle_autobahn.mjs) > /dev/null
    done_with ui_packages
  fi
  (cd ui && ../infra/specs/node tools/catalogue.mjs)
}

# Replaced whole, when it is complete. Each language is a build of its own: English at the root, German below it.
build() {
  due ui ui/src ui/public ui/tools/catalogue.mjs ui/tools/translations.mjs ui/package-lock.json ui/angular.json ui/tsconfig*.json schemas/typescript || [ ! -d $built ] || return 0
  watched "$BUILD/ui.log" "building the dashboard" ng_build || fail "the dashboard could not be built (see above)."
  rm -rf $built && mv ui/dist/en $built && mv ui/dist/de $built/de && mv ui/dist/3rdpartylicenses.txt $built
  done_with ui
}

ng_build() { translations && NG_CLI_ANALYTICS=false tool @angular/cli/bin/ng.js build; }

translations() { (cd ui && ../infra/specs/node tools/translations.mjs "$@"); }

check() {
  tool prettier/bin/prettier.cjs --check --log-level warn src story tools '*.json' '*.mjs'
  tool eslint/bin/eslint.js src
  translations
  tool @angular/cli/bin/ng.js extract-i18n --output-path "$PWD/$BUILD" > "$BUILD/ui_texts.log" || fail "the texts could not be extracted: $(cat "$BUILD/ui_texts.log")"
  translations --check "$PWD/$BUILD/messages.json"
  build  # It checks types, those of the templates too.
}

main "$@"
