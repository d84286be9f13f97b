package dev.slipway.pipeline;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.DHParameter;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.crypto.params.DHParameters;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate that nobody but itself has signed, made anew for each run, as PEM. */
final class MadeUpCertificate {

  private static final Duration VALID = Duration.ofDays(1);

  private final String certificate;
  private final String key;

  /** Makes one. */
  MadeUpCertificate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=slipway.invalid");
      Instant now = Instant.now();
      this.certificate =
          pem(
              new JcaX509v3CertificateBuilder(
                      name,
                      BigInteger.valueOf(now.toEpochMilli()),
                      Date.from(now.minus(VALID)),
                      Date.from(now.plus(VALID)),
                      name,
                      pair.getPublic())
                  .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
      this.key = pem(new JcaPKCS8Generator(pair.getPrivate(), null));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("no certificate can be made", e);
    }
  }

  /** The certificate. */
  String certificate() {
    return certificate;
  }

  /** Its private key, without a passphrase. */
  String key() {
    return key;
  }

  /**
   * Parameters for a Diffie-Hellman key exchange, which are no secret.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7919#appendix-A.1">RFC 7919, ffdhe2048</a>
   */
  static String diffieHellman() {
    DHParameters group = DHStandardGroups.rfc7919_ffdhe2048;
    try {
      return pem(
          new PemObject(
              "DH PARAMETERS", new DHParameter(group.getP(), group.getG(), 0).getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(Object value) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(value);
    }
    return text.toString();
  }
}
