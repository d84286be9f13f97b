package dev.slipway.pipeline.images;

import dev.slipway.effect.docker.ImageContent;
import dev.slipway.platform.BuiltService;
import java.util.concurrent.atomic.AtomicBoolean;

/** What it takes for an image to run as another user than root. */
final class RootUser {

  private RootUser() {}

  /** What to do about an image that runs as root. */
  static String advice(BuiltService service, ImageContent image) {
    AtomicBoolean nginx = new AtomicBoolean();
    image.visit(
        (path, bytes) -> {
          if (path.equals("etc/nginx/nginx.conf")) {
            nginx.set(true);
          }
        });
    return advice(service.folder(), service.name(), nginx.get());
  }

  static String advice(String folder, String name, boolean nginx) {
    return folder
        + "/Dockerfile: the image of "
        + name
        + " runs as root; "
        + (nginx
            ? "end it with `USER nginx`, and write `pid /tmp/nginx.pid;` and the five `…_temp_path` below /tmp into"
                + " its nginx.conf, or build on nginxinc/nginx-unprivileged (docs/images.md)."
            : "end it with `USER 10001` or another user that is not root.");
  }
}
