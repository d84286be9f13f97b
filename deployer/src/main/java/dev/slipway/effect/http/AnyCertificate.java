package dev.slipway.effect.http;

import java.net.Socket;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes whatever certificate a server shows: a public one does not name the tunnel that leads to
 * it, and a made-up one is signed by nobody.
 */
final class AnyCertificate extends X509ExtendedTrustManager {

  private AnyCertificate() {}

  /**
   * Has a client take any.
   *
   * @param name which certificate it asks for (SNI); empty: the server's default one
   */
  static HttpClient.Builder accepted(HttpClient.Builder builder, Optional<String> name) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnyCertificate()}, new SecureRandom());
      SSLParameters parameters = context.getDefaultSSLParameters();
      name.ifPresent(text -> parameters.setServerNames(List.of(new SNIHostName(text))));
      return builder.sslContext(context).sslParameters(parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method, Socket socket) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method, SSLEngine engine) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method, SSLEngine engine) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
