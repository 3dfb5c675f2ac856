"""The certificate that browsers are shown.

Must not know: nodes, which know each other by keys of their own.
"""

import ssl

from sync.errors import StorageError
from sync.messages import _


def browser_context(chain: str, key: str = "") -> ssl.SSLContext:
    """TLS as browsers want it.

    chain   path of a PEM file: the certificate, then those between it and its authority
    key     path of a PEM file with its private key; "" when it stands in the same file
    raises  StorageError when the files cannot be read or do not belong together
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # old WebViews at the desk know no 1.3
    try:
        # Asked for a password, OpenSSL would wait at the terminal.
        context.load_cert_chain(chain, key or chain, password=lambda: b"")
    except OSError as error:  # of which the errors of `ssl` are a kind
        told = _(
            "The certificate cannot be used: %(file)s (%(problem)s)",
            file=chain,
            problem=error.strerror or type(error).__name__,
        )
        raise StorageError(
            told,
            remedy=_("Check the settings certificate and certificate_key: PEM, and a private key without a password."),
        ) from None
    return context
