package dev.slipway.deploy.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests that were made while a deployment ran.
 *
 * @param requests in the order of their starts
 */
record Load(List<Request> requests) {

  private static final long NANOS = 1_000_000_000L;

  Load {
    requests = requests.stream().sorted(java.util.Comparator.comparing(Request::at)).toList();
  }

  /**
   * One request.
   *
   * @param at when it was sent
   * @param status the HTTP status, 0 for none
   * @param latency how long its answer took
   */
  record Request(Instant at, int status, Duration latency) {

    boolean failed() {
      return status < 200 || status >= 400;
    }
  }

  /**
   * Reads what load generators write: lines of {@code start,status,latency} in nanoseconds, or of
   * JSON objects with {@code timestamp}, {@code code} and {@code latency}.
   *
   * @throws IllegalArgumentException with the number of the line that is neither
   * @see <a href="https://github.com/tsenart/vegeta#encode-command">vegeta's two forms</a>
   */
  static Load parse(String text) {
    List<Request> requests = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank() && !(number == 1 && line.matches("[A-Za-z_]+,.*"))) {
        try {
          requests.add(line.startsWith("{") ? json(Json.tree(line)) : csv(line.split(",", -1)));
        } catch (RuntimeException unreadable) {
          throw new IllegalArgumentException(
              "line " + number + " is no request: " + unreadable.getMessage(), unreadable);
        }
      }
    }
    return new Load(requests);
  }

  private static Request csv(String[] fields) {
    long at = Long.parseLong(fields[0].strip());
    return new Request(
        Instant.ofEpochSecond(at / NANOS, at % NANOS),
        Integer.parseInt(fields[1].strip()),
        Duration.ofNanos(Long.parseLong(fields[2].strip())));
  }

  private static Request json(JsonNode node) {
    return new Request(
        Instant.parse(node.path("timestamp").asText()),
        node.path("code").asInt(),
        Duration.ofNanos(node.path("latency").asLong()));
  }

  /** Those that were sent in a span of time. */
  Load between(Instant from, Instant to) {
    return new Load(
        requests.stream()
            .filter(one -> !one.at().isBefore(from) && one.at().isBefore(to))
            .toList());
  }

  long failed() {
    return requests.stream().filter(Request::failed).count();
  }

  /** The latency, in milliseconds, that so many percent of the requests did not exceed. */
  double percentile(int percent) {
    List<Duration> latencies = requests.stream().map(Request::latency).sorted().toList();
    int rank = Math.max(1, (latencies.size() * percent + 99) / 100);
    return latencies.get(rank - 1).toNanos() / 1e6;
  }
}
