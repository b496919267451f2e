"""WeChat's own customer-service desk, as far as one follower is concerned."""

from dataclasses import dataclass

_RETURNS_AFTER = 30 * 60.0  # seconds; an agent who does not close loses the follower to the callback again


@dataclass
class Desk:
    """nobody -> queued (messages still reach the callback) -> held (they do not) -> nobody."""

    state: str = "nobody"
    kf_account: str | None = None
    since: float = 0.0

    def queue(self, kf_account: str | None, now: float) -> None:
        if self.state != "held":
            self.state, self.kf_account, self.since = "queued", kf_account, now

    def hold(self, kf_account: str, now: float) -> None:
        self.state, self.kf_account, self.since = "held", kf_account, now

    def close(self) -> None:
        self.state, self.kf_account = "nobody", None

    def holds(self, now: float) -> bool:
        """Whether messages go to an agent instead of the callback."""
        if self.state == "held" and now - self.since > _RETURNS_AFTER:
            self.close()
        return self.state == "held"
