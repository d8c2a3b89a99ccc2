"""Why the operating system refused something, in our words: its own depend on platform and language."""

import errno

SYSTEM_REASONS = {
    errno.ENOENT: "it does not exist",
    errno.ENOTDIR: "a part of its path is not a directory",
    errno.EISDIR: "it is a directory",
    errno.EACCES: "you have no permission",
    errno.EPERM: "you have no permission",
    errno.EROFS: "the file system is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EIO: "the disk reports an error",
    errno.EEXIST: "it exists already",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its symbolic links lead in a circle",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EADDRINUSE: "the address is in use",
    errno.ECONNREFUSED: "nobody listens there",
    errno.ECONNRESET: "the other end has hung up",
    errno.ETIMEDOUT: "nobody answers there",
    errno.EHOSTUNREACH: "there is no way to it",
    errno.ENETUNREACH: "there is no way to it",
}


def reason(error: OSError | UnicodeError) -> str:
    """Half a sentence for after a colon: ``it does not exist``."""
    if isinstance(error, UnicodeError):
        return "it is not text in UTF-8"
    return SYSTEM_REASONS.get(error.errno or 0, f"the system refuses it ({errno.errorcode.get(error.errno or 0, type(error).__name__)})")


def system_sentence(error: OSError) -> str:
    """A whole sentence, with the file when there is one."""
    return f"{error.filename} cannot be used: {reason(error)}" if error.filename else f"the system refused something: {reason(error)}"
