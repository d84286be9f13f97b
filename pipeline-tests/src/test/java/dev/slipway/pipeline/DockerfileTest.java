package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {

  private static final Pattern PYTHON = Pattern.compile("python");
  private static final Pattern NODE = Pattern.compile("node");

  @Test
  void resolvesWhatIsGivenBeforeTheFirstStage() {
    assertThat(
            base(
                PYTHON,
                """
                # syntax=docker/dockerfile:1
                ARG PYTHON_VERSION=3.11 VARIANT="slim"
                FROM python:${PYTHON_VERSION}-$VARIANT
                """))
        .isEqualTo("python:3.11-slim");
    assertThat(
            base(
                PYTHON,
                """
                ARG VERSION
                ARG MIRROR='mirror.example/'
                ARG IMAGE=${MIRROR}library/python
                FROM --platform=$BUILDPLATFORM ${IMAGE}:${VERSION:-3.12}${VARIANT:+-slim}
                """))
        .isEqualTo("mirror.example/library/python:3.12");
  }

  @Test
  void leavesWhatNothingGives() {
    assertThat(base(PYTHON, "ARG BASE\nFROM ${BASE}\nARG BASE=python:3.11\n")).isEqualTo("${BASE}");
  }

  @Test
  void takesTheImageThatTheLastStageIsBuiltOnAndNotAHelper() {
    assertThat(
            base(
                PYTHON,
                """
                FROM ghcr.io/astral-sh/uv:0.5 AS uv
                FROM python:3.12-slim
                COPY --from=uv /uv /bin/
                RUN uv sync --frozen
                """))
        .isEqualTo("python:3.12-slim");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cat <<< text | sha256sum -c", "chpasswd <<<\"app:x\"", "echo $((1 << n))"})
  void takesNoOtherSignForTheBeginningOfADocument(String command) {
    assertThat(
            base(
                PYTHON,
                "FROM debian AS fetch\nRUN " + command + "\nFROM python:3.11-slim\nRUN true\n"))
        .isEqualTo("python:3.11-slim");
  }

  @Test
  void followsStagesThatAreBuiltOnOthers() {
    assertThat(
            base(
                PYTHON,
                """
                FROM python:3.13-slim AS base
                FROM python:3.12 AS nobody-builds-on-this
                FROM base AS builder
                RUN pip install poetry
                FROM Base
                COPY --from=builder /venv /venv
                """))
        .isEqualTo("python:3.13-slim");
  }

  @Test
  void takesTheStageWithNodeThatAServerCopiesFrom() {
    String text =
        """
        FROM node:22-alpine AS build
        RUN npm ci && \\
            # a comment inside
            npm run build
        FROM nginx:1.27
        COPY --from=%s /app/dist /usr/share/nginx/html
        """;
    assertThat(base(NODE, text.formatted("build"))).isEqualTo("node:22-alpine");
    assertThat(base(NODE, text.formatted("0"))).isEqualTo("node:22-alpine");
    assertThat(
            base(
                NODE,
                "FROM node:22 AS build\nFROM nginx\nRUN --mount=type=bind,from=build,target=/b cp -r /b /srv\n"))
        .isEqualTo("node:22");
  }

  @Test
  void takesTheBuilderWhereWhatShipsHasNoTools() {
    assertThat(
            base(
                PYTHON,
                "FROM python:3.11 AS builder\nFROM gcr.io/distroless/cc\nCOPY --from=builder /app /app\n"))
        .isEqualTo("python:3.11");
  }

  @Test
  void takesTheLastStagesImageWhereNoneHasTheName() {
    assertThat(base(PYTHON, "FROM golang AS tool\nFROM debian:12\nCOPY --from=tool /t /t\n"))
        .isEqualTo("debian:12");
    assertThat(base(NODE, "FROM node.example:5000/nginx\n")).isEqualTo("node.example:5000/nginx");
  }

  @Test
  void readsNoInstructionInAHereDocumentOrComment() {
    assertThat(
            base(
                PYTHON,
                """
                from python:3.11-slim as last
                # FROM debian
                RUN <<EOF
                psql -c "select 1
                FROM orders"
                EOF
                """))
        .isEqualTo("python:3.11-slim");
    assertThat(base(PYTHON, "# escape=`\nFROM `\n  python:3.11\n")).isEqualTo("python:3.11");
  }

  @Test
  void hasNoBaseWithoutAStage() {
    assertThat(Dockerfile.parse("RUN true\n").base(PYTHON)).isEmpty();
  }

  private static String base(Pattern kind, String text) {
    return Dockerfile.parse(text).base(kind).orElseThrow();
  }
}
