package dev.slipway.pipeline.rehearsal;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands one production to all tests that prove the deployer; none run for another platform. */
final class ProductionExtension implements ParameterResolver, ExecutionCondition {

  private static final Namespace NAMESPACE = Namespace.create(ProductionExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String platform = context.getConfigurationParameter("platform.dir").orElse("");
    Path sample = root(context).resolve("fixtures/platform");
    return platform.isBlank() || root(context).resolve(platform).normalize().equals(sample)
        ? ConditionEvaluationResult.enabled("the sample platform")
        : ConditionEvaluationResult.disabled(
            "proves the deployer on Slipway's own sample platform, and platform.dir names another");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Production.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Path scratch = root(context).resolve("target/slipway/scratch/production");
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            Production.class,
            key -> new Production(root(context), scratch, Server.usual()),
            Production.class);
  }

  private static Path root(ExtensionContext context) {
    return Path.of(
            context
                .getConfigurationParameter("slipway.root")
                .orElse(System.getProperty("user.dir", ".")))
        .toAbsolutePath()
        .normalize();
  }
}
