package dev.slipway.pipeline;

import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.Tag;

/**
 * Runs the stages in their order, so that the cheapest reason to fail comes first; what proves the
 * suites comes last.
 */
public final class StageOrder implements ClassOrderer {

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context
        .getClassDescriptors()
        .sort(
            Comparator.<ClassDescriptor>comparingInt(StageOrder::position)
                .thenComparing(descriptor -> descriptor.getTestClass().getSimpleName()));
  }

  private static int position(ClassDescriptor descriptor) {
    Set<String> tags =
        descriptor.findRepeatableAnnotations(Tag.class).stream()
            .map(Tag::value)
            .collect(Collectors.toSet());
    return Stage.of(tags).map(Enum::ordinal).orElse(Stage.values().length);
  }
}
