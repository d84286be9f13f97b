package dev.slipway.pipeline;

import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** What a run's verdict is about. */
interface Judged {

  /** Where the verdict goes. */
  Path verdictFile();

  /** The verdict, with all that is known of the platform by then. */
  Verdict verdict(boolean passed, List<SuiteResult> suites, Instant finishedAt);
}
