package dev.slipway.pipeline.images;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RootUserTest {

  @Test
  void advisesAUserThatIsNotRoot() {
    assertThat(RootUser.advice("backend", "api", false))
        .isEqualTo(
            "backend/Dockerfile: the image of api runs as root; end it with `USER 10001` or another user that is not root.");
  }

  @Test
  void saysOfNginxWhichPathsItMustBeAbleToWrite() {
    assertThat(RootUser.advice("edge", "nginx", true))
        .startsWith("edge/Dockerfile: the image of nginx runs as root; end it with `USER nginx`")
        .contains("`pid /tmp/nginx.pid;`", "`…_temp_path`", "nginxinc/nginx-unprivileged");
  }
}
