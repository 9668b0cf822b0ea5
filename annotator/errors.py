"""The one kind of error that is shown to people instead of being reported as ours."""


class UserError(Exception):
    """The world's fault: a file, a disk, a server or a rule of the scheme said no.

    The message is shown as it is. It names the file, the place in it and the reason in plain
    words, and says what to do next. Anything else that is raised is a mistake of the program and
    goes to the crash report.
    """
