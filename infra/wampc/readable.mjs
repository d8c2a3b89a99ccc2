// wampc prints an error of WAMP as "[object Object]"; with this it prints what the home answered.
import autobahn from 'autobahn'

autobahn.Error.prototype.toString = function () {
  return [this.error, ...this.args].join(': ')
}
