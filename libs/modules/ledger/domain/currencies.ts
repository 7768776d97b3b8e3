/** A currency of ISO 4217. */
export interface Currency {
  /** Three capital letters. */
  readonly code: string;
  /** Three digits, with leading zeros. */
  readonly numeric: string;
  /** How many decimals its minor unit has; null: the standard gives it none ("N.A."), so amounts of it can't be booked. */
  readonly exponent: number | null;
  readonly name: string;
  /** The first day (YYYY-MM-DD) on which it was no longer in force; null: in force. */
  readonly withdrawnOn: string | null;
}

/** The day as of which the table is right: the standard with its amendments up to then. */
export const currenciesAsOf = '2026-11-01';

/*
 * One line a code: code, number, exponent, name. The table is our own because Intl (CLDR) says how amounts are usually shown, not what
 * the standard says, and follows amendments late. Fund codes with a minor unit (CHE, CLF, UYW, XAD, …) are units of account that
 * contracts are written in, so they are booked like any currency. Metals, bond market units, the SDR, XTS and XXX have no minor unit.
 */
const inForce = `
AED 784 2 UAE Dirham
AFN 971 2 Afghani
ALL 008 2 Lek
AMD 051 2 Armenian Dram
AOA 973 2 Kwanza
ARS 032 2 Argentine Peso
AUD 036 2 Australian Dollar
AWG 533 2 Aruban Florin
AZN 944 2 Azerbaijan Manat
BAM 977 2 Convertible Mark
BBD 052 2 Barbados Dollar
BDT 050 2 Taka
BHD 048 3 Bahraini Dinar
BIF 108 0 Burundi Franc
BMD 060 2 Bermudian Dollar
BND 096 2 Brunei Dollar
BOB 068 2 Boliviano
BOV 984 2 Mvdol
BRL 986 2 Brazilian Real
BSD 044 2 Bahamian Dollar
BTN 064 2 Ngultrum
BWP 072 2 Pula
BYN 933 2 Belarusian Ruble
BZD 084 2 Belize Dollar
CAD 124 2 Canadian Dollar
CDF 976 2 Congolese Franc
CHE 947 2 WIR Euro
CHF 756 2 Swiss Franc
CHW 948 2 WIR Franc
CLF 990 4 Unidad de Fomento
CLP 152 0 Chilean Peso
CNY 156 2 Yuan Renminbi
COP 170 2 Colombian Peso
COU 970 2 Unidad de Valor Real
CRC 188 2 Costa Rican Colon
CUP 192 2 Cuban Peso
CVE 132 2 Cabo Verde Escudo
CZK 203 2 Czech Koruna
DJF 262 0 Djibouti Franc
DKK 208 2 Danish Krone
DOP 214 2 Dominican Peso
DZD 012 2 Algerian Dinar
EGP 818 2 Egyptian Pound
ERN 232 2 Nakfa
ETB 230 2 Ethiopian Birr
EUR 978 2 Euro
FJD 242 2 Fiji Dollar
FKP 238 2 Falkland Islands Pound
GBP 826 2 Pound Sterling
GEL 981 2 Lari
GHS 936 2 Ghana Cedi
GIP 292 2 Gibraltar Pound
GMD 270 2 Dalasi
GNF 324 0 Guinean Franc
GTQ 320 2 Quetzal
GYD 328 2 Guyana Dollar
HKD 344 2 Hong Kong Dollar
HNL 340 2 Lempira
HTG 332 2 Gourde
HUF 348 2 Forint
IDR 360 2 Rupiah
ILS 376 2 New Israeli Sheqel
INR 356 2 Indian Rupee
IQD 368 3 Iraqi Dinar
IRR 364 2 Iranian Rial
ISK 352 0 Iceland Krona
JMD 388 2 Jamaican Dollar
JOD 400 3 Jordanian Dinar
JPY 392 0 Yen
KES 404 2 Kenyan Shilling
KGS 417 2 Som
KHR 116 2 Riel
KMF 174 0 Comorian Franc
KPW 408 2 North Korean Won
KRW 410 0 Won
KWD 414 3 Kuwaiti Dinar
KYD 136 2 Cayman Islands Dollar
KZT 398 2 Tenge
LAK 418 2 Lao Kip
LBP 422 2 Lebanese Pound
LKR 144 2 Sri Lanka Rupee
LRD 430 2 Liberian Dollar
LSL 426 2 Loti
LYD 434 3 Libyan Dinar
MAD 504 2 Moroccan Dirham
MDL 498 2 Moldovan Leu
MGA 969 2 Malagasy Ariary
MKD 807 2 Denar
MMK 104 2 Kyat
MNT 496 2 Tugrik
MOP 446 2 Pataca
MRU 929 2 Ouguiya
MUR 480 2 Mauritius Rupee
MVR 462 2 Rufiyaa
MWK 454 2 Malawi Kwacha
MXN 484 2 Mexican Peso
MXV 979 2 Mexican Unidad de Inversion (UDI)
MYR 458 2 Malaysian Ringgit
MZN 943 2 Mozambique Metical
NAD 516 2 Namibia Dollar
NGN 566 2 Naira
NIO 558 2 Cordoba Oro
NOK 578 2 Norwegian Krone
NPR 524 2 Nepalese Rupee
NZD 554 2 New Zealand Dollar
OMR 512 3 Rial Omani
PAB 590 2 Balboa
PEN 604 2 Sol
PGK 598 2 Kina
PHP 608 2 Philippine Peso
PKR 586 2 Pakistan Rupee
PLN 985 2 Zloty
PYG 600 0 Guarani
QAR 634 2 Qatari Rial
RON 946 2 Romanian Leu
RSD 941 2 Serbian Dinar
RUB 643 2 Russian Ruble
RWF 646 0 Rwanda Franc
SAR 682 2 Saudi Riyal
SBD 090 2 Solomon Islands Dollar
SCR 690 2 Seychelles Rupee
SDG 938 2 Sudanese Pound
SEK 752 2 Swedish Krona
SGD 702 2 Singapore Dollar
SHP 654 2 Saint Helena Pound
SLE 925 2 Leone
SOS 706 2 Somali Shilling
SRD 968 2 Surinam Dollar
SSP 728 2 South Sudanese Pound
STN 930 2 Dobra
SVC 222 2 El Salvador Colon
SYP 760 2 Syrian Pound
SZL 748 2 Lilangeni
THB 764 2 Baht
TJS 972 2 Somoni
TMT 934 2 Turkmenistan New Manat
TND 788 3 Tunisian Dinar
TOP 776 2 Pa'anga
TRY 949 2 Turkish Lira
TTD 780 2 Trinidad and Tobago Dollar
TWD 901 2 New Taiwan Dollar
TZS 834 2 Tanzanian Shilling
UAH 980 2 Hryvnia
UGX 800 0 Uganda Shilling
USD 840 2 US Dollar
USN 997 2 US Dollar (Next day)
UYI 940 0 Uruguay Peso en Unidades Indexadas (UI)
UYU 858 2 Peso Uruguayo
UYW 927 4 Unidad Previsional
UZS 860 2 Uzbekistan Sum
VED 926 2 Bolívar Digital
VES 928 2 Bolívar Soberano
VND 704 0 Dong
VUV 548 0 Vatu
WST 882 2 Tala
XAD 396 2 Arab Accounting Dinar
XAF 950 0 CFA Franc BEAC
XCD 951 2 East Caribbean Dollar
XCG 532 2 Caribbean Guilder
XOF 952 0 CFA Franc BCEAO
XPF 953 0 CFP Franc
YER 886 2 Yemeni Rial
ZAR 710 2 Rand
ZMW 967 2 Zambian Kwacha
ZWG 924 2 Zimbabwe Gold
`;

const withoutMinorUnit = `
XAG 961 - Silver
XAU 959 - Gold
XBA 955 - Bond Markets Unit European Composite Unit (EURCO)
XBB 956 - Bond Markets Unit European Monetary Unit (E.M.U.-6)
XBC 957 - Bond Markets Unit European Unit of Account 9 (E.U.A.-9)
XBD 958 - Bond Markets Unit European Unit of Account 17 (E.U.A.-17)
XDR 960 - SDR (Special Drawing Right)
XPD 964 - Palladium
XPT 962 - Platinum
XSU 994 - Sucre
XTS 963 - Reserved for testing
XUA 965 - ADB Unit of Account
XXX 999 - No currency
`;

/* As above, with the day of withdrawal after the exponent: since the euro; the standard gives a month, the day is the law's. */
const withdrawn = `
AFA 004 2 2003-01-01 Afghani
ANG 532 2 2025-07-01 Netherlands Antillean Guilder
ATS 040 2 2002-03-01 Schilling
AZM 031 2 2006-01-01 Azerbaijanian Manat
BEF 056 0 2002-03-01 Belgian Franc
BGN 975 2 2026-01-01 Bulgarian Lev
BYR 974 0 2017-01-01 Belarusian Ruble
CSD 891 2 2006-11-01 Serbian Dinar
CUC 931 2 2021-07-01 Peso Convertible
CYP 196 2 2008-01-01 Cyprus Pound
DEM 276 2 2002-03-01 Deutsche Mark
EEK 233 2 2011-01-01 Kroon
ESP 724 0 2002-03-01 Spanish Peseta
FIM 246 2 2002-03-01 Markka
FRF 250 2 2002-03-01 French Franc
GHC 288 2 2008-01-01 Cedi
GRD 300 0 2002-03-01 Drachma
HRK 191 2 2023-01-01 Kuna
IEP 372 2 2002-03-01 Irish Pound
ITL 380 0 2002-03-01 Italian Lira
LTL 440 2 2015-01-01 Lithuanian Litas
LUF 442 0 2002-03-01 Luxembourg Franc
LVL 428 2 2014-01-01 Latvian Lats
MGF 450 0 2005-01-01 Malagasy Franc
MRO 478 2 2018-01-01 Ouguiya
MTL 470 2 2008-01-01 Maltese Lira
MZM 508 2 2006-07-01 Mozambique Metical
NLG 528 2 2002-03-01 Netherlands Guilder
PTE 620 0 2002-03-01 Portuguese Escudo
ROL 642 2 2005-07-01 Leu
SDD 736 2 2007-07-01 Sudanese Dinar
SIT 705 2 2007-01-01 Tolar
SKK 703 2 2009-01-01 Slovak Koruna
SLL 694 2 2024-04-01 Leone
SRG 740 2 2004-01-01 Surinam Guilder
STD 678 2 2018-01-01 Dobra
TMM 795 2 2009-01-01 Turkmenistan Manat
TRL 792 0 2005-01-01 Turkish Lira
USS 998 2 2014-03-01 US Dollar (Same day)
VEB 862 2 2008-01-01 Bolívar
VEF 937 2 2018-08-20 Bolívar
ZMK 894 2 2013-01-01 Zambian Kwacha
ZWD 716 2 2008-08-01 Zimbabwe Dollar
ZWL 932 2 2024-09-01 Zimbabwe Dollar
ZWR 935 2 2009-06-01 Zimbabwe Dollar
`;

const linePattern = /^([A-Z]{3}) (\d{3}) ([0-4-])(?: (\d{4}-\d{2}-\d{2}))? (.+)$/;

function parseLine(line: string): Currency {
  const [, code = '', numeric = '', exponent = '', withdrawnOn = null, name = ''] =
    linePattern.exec(line) ?? [];
  return { code, numeric, exponent: exponent === '-' ? null : Number(exponent), name, withdrawnOn };
}

const table: ReadonlyMap<string, Currency> = new Map(
  [inForce, withoutMinorUnit, withdrawn].flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map(parseLine)
      .map((currency) => [currency.code, currency] as const),
  ),
);

/** Every code of the table: in force, without a minor unit, withdrawn. */
export function allCurrencies(): readonly Currency[] {
  return [...table.values()];
}

/**
 * The ISO 4217 entry of a code (case matters), also when it was withdrawn or has no minor unit; undefined: not a code of the standard.
 * None of these codes may be declared as a unit. Who books with it refuses `exponent: null` as `unknown_currency` and a `withdrawnOn`
 * that has come as `withdrawn_currency`: see `isBookable`.
 */
export function findCurrency(code: string): Currency | undefined {
  return table.get(code);
}

/** True when amounts of it can be booked on a day (YYYY-MM-DD, or any RFC 3339 time): it has a minor unit and is in force. */
export function isBookable(currency: Currency, day: string): boolean {
  return (
    currency.exponent !== null && (currency.withdrawnOn === null || day.slice(0, 10) < currency.withdrawnOn)
  );
}
