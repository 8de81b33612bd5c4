"""What can be wrong with a credential."""

from kernel.errors import Conflict, NotAllowed, NotFound, Unavailable
from kernel.language import Text


class CredentialNotFound(NotFound):
    """There is no such credential, or it is not for this person or this case."""

    def __init__(self) -> None:
        super().__init__(Text("没有这个凭证，或您无权使用", "There is no such credential that you may use"))


class CredentialEnded(Conflict):
    """The credential was rotated or revoked, and its secret erased."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "凭证已更换或吊销，密文已清除；如仍需使用，请向提供方申请新凭证",
                "The credential was rotated or revoked and erased; ask the provider for a new one",
            )
        )


class AlreadyRevealed(Conflict):
    """The person has seen the credential; it is shown once."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "凭证只显示一次，您已查看过；如已遗失，请提供方更换凭证",
                "A credential is shown once and you have seen it; if it is lost, let the provider rotate it",
            )
        )


class NotTheHolder(NotAllowed):
    """Only the provider of the version, or the platform, decides about its credentials."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "只有本组件的提供方可以更换凭证或指定查看人",
                "Only the provider of the component may rotate its credentials or name their holders",
            )
        )


class VaultClosed(Unavailable):
    """The key file is missing, malformed, or lacks the key that a credential was encrypted under."""

    def __init__(self, reason: Text) -> None:
        super().__init__(
            Text(
                f"凭证库无法打开：{reason.zh}。请运行 zujian init 生成密钥文件，或恢复原密钥文件"
                "（ZUJIAN_CREDENTIALS_KEY_FILE）",
                f"The vault of credentials cannot be opened: {reason.en}. Run “zujian init” to make a key "
                "file, or put the former one back (ZUJIAN_CREDENTIALS_KEY_FILE)",
            )
        )
