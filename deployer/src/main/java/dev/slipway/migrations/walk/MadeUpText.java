package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.migrations.alembic.StepResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text that Slipway made up, which is no evidence against a revision that cannot read it. */
final class MadeUpText {

  private static final Pattern REFUSED_LABEL =
      Pattern.compile("invalid input value for enum .*?: \"(.*)\"");

  private MadeUpText() {}

  /**
   * Whether nothing but such text may be what a step failed on. A label that an enum has is not
   * made up, even where the step casts it to text and back.
   *
   * @param before what was there before the step
   */
  static boolean mayBeBlamedFor(StepResult step, Catalog before) {
    if (!step.isAboutText()) {
      return false;
    }
    Matcher refused = REFUSED_LABEL.matcher(step.error());
    return !refused.find() || !isLabel(refused.group(1), before);
  }

  private static boolean isLabel(String text, Catalog catalog) {
    Pattern among = Pattern.compile("(^|, )" + Pattern.quote(text) + "(,| |$)");
    return catalog.objects().stream()
        .filter(object -> object.kind().equals("enum type"))
        .anyMatch(type -> among.matcher(type.definition()).find());
  }
}
