"""Writes a camt.053 as pyiso20022 and xsdata do, for a reader that is not theirs: prefixes, line breaks, a batch of two
transfers, an entry that is not booked yet. Arguments: the version (02 or 08), the IBAN of the account, a creditor reference."""

import importlib
import sys

from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig

version, iban, reference = sys.argv[1:4]
name = f"camt_053_001_{version}"
schema = importlib.import_module(f"pyiso20022.camt.{name}.{name}")
namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
is_new = version == "08"


def amount(value: str, credit: bool = True) -> str:
    return f'<Amt Ccy="EUR">{value}</Amt><CdtDbtInd>{"CRDT" if credit else "DBIT"}</CdtDbtInd>'


def balance(code: str, value: str) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount(value)}<Dt><Dt>2026-01-06</Dt></Dt></Bal>"


def party(who: str) -> str:
    return f"<Pty><Nm>{who}</Nm></Pty>" if is_new else f"<Nm>{who}</Nm>"


def transfer(who: str, account: str, information: str, value: str | None = None) -> str:
    part = "" if value is None else (
        f'<Amt Ccy="EUR">{value}</Amt><CdtDbtInd>CRDT</CdtDbtInd>' if is_new
        else f'<AmtDtls><TxAmt><Amt Ccy="EUR">{value}</Amt></TxAmt></AmtDtls>'
    )
    return (
        f"<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{part}"
        f"<RltdPties><Dbtr>{party(who)}</Dbtr><DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{information}</RmtInf></TxDtls>"
    )


def entry(value: str, status: str, details: str) -> str:
    state = f"<Sts><Cd>{status}</Cd></Sts>" if is_new else f"<Sts>{status}</Sts>"
    days = "<BookgDt><DtTm>2026-01-06T09:00:00+01:00</DtTm></BookgDt><ValDt><Dt>2026-01-06</Dt></ValDt>"
    code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
    return f"<Ntry>{amount(value)}{state}{days}{code}<NtryDtls>{details}</NtryDtls></Ntry>"


structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"
entries = (
    entry(
        "1234.56",
        "BOOK",
        transfer("Åsa Lindström &amp; Söner", "SE4550000000058398257466", f"<Ustrd>faktura 7</Ustrd>{structured}"),
    )
    + entry(
        "12.34",
        "BOOK",
        transfer("Erik", "SE4550000000058398257466", "<Ustrd>one</Ustrd>", "10.00")
        + transfer("Eva", "SE4550000000058398257466", "<Ustrd>two</Ustrd>", "2.34"),
    )
    + entry("77.00", "PDNG", transfer("Olle", "SE4550000000058398257466", "<Ustrd>not yet</Ustrd>"))
)
header = "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-01-07T06:00:00+01:00</CreDtTm></GrpHdr>"
account = f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
text = (
    f'<Document xmlns="{namespace}"><BkToCstmrStmt>{header}'
    f"<Stmt><Id>OTHER-{version}</Id><CreDtTm>2026-01-07T06:00:00+01:00</CreDtTm>{account}"
    f'{balance("PRCD", "209.89")}{balance("CLBD", "1456.79")}{entries}</Stmt></BkToCstmrStmt></Document>'
)
parser = XmlParser(config=ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True))
document = parser.from_string(text, schema.Document)
serializer = XmlSerializer(config=SerializerConfig(indent="  ", encoding="UTF-8"))
sys.stdout.write(serializer.render(document, ns_map={"ns0": namespace}))
