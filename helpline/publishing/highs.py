"""HiGHS, as quiet as a command has to be."""

import highspy


class Quiet(highspy.Highs):
    """Without the callbacks of its Python side: making them prints a banner."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)
        self.setOptionValue("threads", 1)
