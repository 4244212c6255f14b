"""The keys and certificates of one cluster."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lab.files import write_atomically

LIFETIME = timedelta(days=365)
ADMIN_GROUP = "system:masters"


@dataclass(frozen=True)
class Files:
    """Paths of the keys and certificates in a cluster's directory."""

    directory: Path

    @property
    def ca(self) -> Path:
        return self.directory / "ca.crt"

    @property
    def ca_key(self) -> Path:
        return self.directory / "ca.key"

    @property
    def server(self) -> Path:
        return self.directory / "apiserver.crt"

    @property
    def server_key(self) -> Path:
        return self.directory / "apiserver.key"

    @property
    def admin(self) -> Path:
        return self.directory / "admin.crt"

    @property
    def admin_key(self) -> Path:
        return self.directory / "admin.key"

    @property
    def service_account_key(self) -> Path:
        return self.directory / "service-account.key"


def make(files: Files, names: list[str], addresses: list[str]) -> None:
    """Write a CA, the API server's certificate, an administrator's certificate and the service accounts' key.

    Args:
        names: DNS names by which the API server is reached.
        addresses: IPv4 addresses by which it is reached.
    """
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    usage = x509.KeyUsage(True, False, True, False, False, True, False, False, False)
    ca = (
        _begin(ca_name, ca_name, ca_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    _write(files.ca, files.ca_key, ca, ca_key)
    _leaf(files.server, files.server_key, "kube-apiserver", "", ca_name, ca_key, names, addresses)
    _leaf(files.admin, files.admin_key, "lab", ADMIN_GROUP, ca_name, ca_key, [], [])
    write_atomically(files.service_account_key, _pem(rsa.generate_private_key(65537, 2048)))


def _leaf(
    certificate_file: Path,
    key_file: Path,
    name: str,
    group: str,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    names: list[str],
    addresses: list[str],
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if group:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
    purpose = ExtendedKeyUsageOID.SERVER_AUTH if addresses else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = _begin(x509.Name(attributes), issuer, key).add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    alternatives: list[x509.GeneralName] = [x509.DNSName(entry) for entry in names]
    alternatives += [x509.IPAddress(ipaddress.IPv4Address(entry)) for entry in addresses]
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    _write(certificate_file, key_file, builder.sign(issuer_key, hashes.SHA256()), key)


def _begin(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
    )


def _write(
    certificate_file: Path, key_file: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> None:
    write_atomically(certificate_file, certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"))
    write_atomically(key_file, _pem(key))


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode("ascii")
