// Where a country is, when all that is known of an address is its country: one point and one UTC offset for each. A table
// only; who reads it decides what a distance between two such points means.

/** The place that stands for a whole country. */
export interface CountryPlace {
  /** ISO 3166-1 alpha-2. */
  readonly code: string
  /** Degrees north. */
  readonly latitude: number
  /** Degrees east. */
  readonly longitude: number
  /** Standard time (no daylight saving), minutes east of UTC. */
  readonly utcOffsetMinutes: number
  /** Place in the table, from 0. */
  readonly row: number
}

// code, latitude, longitude, minutes east of UTC of the capital or the largest city. From general knowledge, to a tenth of a
// degree. The officially assigned codes, and XK (user-assigned), which the common databases give for Kosovo.
const TABLE = `
AD 42.5 1.5 60,AE 25.2 55.3 240,AF 34.5 69.2 270,AG 17.1 -61.8 -240,AI 18.2 -63.1 -240,AL 41.3 19.8 60
AM 40.2 44.5 240,AO -8.8 13.2 60,AQ -77.8 166.7 720,AR -34.6 -58.4 -180,AS -14.3 -170.7 -660,AT 48.2 16.4 60
AU -33.9 151.2 600,AW 12.5 -70.0 -240,AX 60.1 19.9 120,AZ 40.4 49.9 240,BA 43.9 18.4 60,BB 13.1 -59.6 -240
BD 23.8 90.4 360,BE 50.8 4.4 60,BF 12.4 -1.5 0,BG 42.7 23.3 120,BH 26.2 50.6 180,BI -3.4 29.4 120
BJ 6.4 2.4 60,BL 17.9 -62.9 -240,BM 32.3 -64.8 -240,BN 4.9 114.9 480,BO -16.5 -68.1 -240,BQ 12.2 -68.3 -240
BR -23.6 -46.6 -180,BS 25.0 -77.4 -300,BT 27.5 89.6 360,BV -54.4 3.4 60,BW -24.7 25.9 120,BY 53.9 27.6 180
BZ 17.5 -88.2 -360,CA 43.7 -79.4 -300,CC -12.2 96.8 390,CD -4.3 15.3 60,CF 4.4 18.6 60,CG -4.3 15.3 60
CH 47.4 8.5 60,CI 5.3 -4.0 0,CK -21.2 -159.8 -600,CL -33.4 -70.7 -240,CM 4.1 9.7 60,CN 31.2 121.5 480
CO 4.7 -74.1 -300,CR 9.9 -84.1 -360,CU 23.1 -82.4 -300,CV 14.9 -23.5 -60,CW 12.1 -68.9 -240,CX -10.4 105.7 420
CY 35.2 33.4 120,CZ 50.1 14.4 60,DE 52.5 13.4 60,DJ 11.6 43.1 180,DK 55.7 12.6 60,DM 15.3 -61.4 -240
DO 18.5 -69.9 -240,DZ 36.8 3.1 60,EC -2.2 -79.9 -300,EE 59.4 24.8 120,EG 30.0 31.2 120,EH 27.2 -13.2 60
ER 15.3 38.9 180,ES 40.4 -3.7 60,ET 9.0 38.7 180,FI 60.2 24.9 120,FJ -18.1 178.4 720,FK -51.7 -57.9 -180
FM 6.9 158.2 660,FO 62.0 -6.8 0,FR 48.9 2.4 60,GA 0.4 9.5 60,GB 51.5 -0.1 0,GD 12.1 -61.8 -240
GE 41.7 44.8 240,GF 4.9 -52.3 -180,GG 49.5 -2.5 0,GH 5.6 -0.2 0,GI 36.1 -5.4 60,GL 64.2 -51.7 -120
GM 13.5 -16.6 0,GN 9.5 -13.7 0,GP 16.2 -61.5 -240,GQ 3.8 8.8 60,GR 38.0 23.7 120,GS -54.3 -36.5 -120
GT 14.6 -90.5 -360,GU 13.4 144.8 600,GW 11.9 -15.6 0,GY 6.8 -58.2 -240,HK 22.3 114.2 480,HM -53.1 73.5 300
HN 14.1 -87.2 -360,HR 45.8 16.0 60,HT 18.5 -72.3 -300,HU 47.5 19.0 60,ID -6.2 106.8 420,IE 53.3 -6.3 0
IL 32.1 34.8 120,IM 54.2 -4.5 0,IN 19.1 72.9 330,IO -7.3 72.4 360,IQ 33.3 44.4 180,IR 35.7 51.4 210
IS 64.1 -21.9 0,IT 41.9 12.5 60,JE 49.2 -2.1 0,JM 18.0 -76.8 -300,JO 31.9 35.9 180,JP 35.7 139.7 540
KE -1.3 36.8 180,KG 42.9 74.6 360,KH 11.6 104.9 420,KI 1.3 173.0 720,KM -11.7 43.3 180,KN 17.3 -62.7 -240
KP 39.0 125.8 540,KR 37.6 127.0 540,KW 29.4 48.0 180,KY 19.3 -81.4 -300,KZ 43.2 76.9 300,LA 18.0 102.6 420
LB 33.9 35.5 120,LC 14.0 -61.0 -240,LI 47.1 9.5 60,LK 6.9 79.9 330,LR 6.3 -10.8 0,LS -29.3 27.5 120
LT 54.7 25.3 120,LU 49.6 6.1 60,LV 56.9 24.1 120,LY 32.9 13.2 120,MA 33.6 -7.6 60,MC 43.7 7.4 60
MD 47.0 28.9 120,ME 42.4 19.3 60,MF 18.1 -63.1 -240,MG -18.9 47.5 180,MH 7.1 171.4 720,MK 42.0 21.4 60
ML 12.6 -8.0 0,MM 16.8 96.2 390,MN 47.9 106.9 480,MO 22.2 113.5 480,MP 15.2 145.7 600,MQ 14.6 -61.1 -240
MR 18.1 -16.0 0,MS 16.7 -62.2 -240,MT 35.9 14.5 60,MU -20.2 57.5 240,MV 4.2 73.5 300,MW -14.0 33.8 120
MX 19.4 -99.1 -360,MY 3.1 101.7 480,MZ -26.0 32.6 120,NA -22.6 17.1 120,NC -22.3 166.5 660,NE 13.5 2.1 60
NF -29.1 168.0 660,NG 6.5 3.4 60,NI 12.1 -86.3 -360,NL 52.4 4.9 60,NO 59.9 10.8 60,NP 27.7 85.3 345
NR -0.5 166.9 720,NU -19.1 -169.9 -660,NZ -36.8 174.8 720,OM 23.6 58.4 240,PA 9.0 -79.5 -300,PE -12.0 -77.0 -300
PF -17.5 -149.6 -600,PG -9.4 147.2 600,PH 14.6 121.0 480,PK 24.9 67.0 300,PL 52.2 21.0 60,PM 46.8 -56.2 -180
PN -25.1 -130.1 -480,PR 18.5 -66.1 -240,PS 31.5 34.5 120,PT 38.7 -9.1 0,PW 7.3 134.5 540,PY -25.3 -57.6 -180
QA 25.3 51.5 180,RE -20.9 55.5 240,RO 44.4 26.1 120,RS 44.8 20.5 60,RU 55.8 37.6 180,RW -1.9 30.1 120
SA 24.7 46.7 180,SB -9.4 160.0 660,SC -4.6 55.5 240,SD 15.6 32.5 120,SE 59.3 18.1 60,SG 1.3 103.8 480
SH -15.9 -5.7 0,SI 46.1 14.5 60,SJ 78.2 15.6 60,SK 48.1 17.1 60,SL 8.5 -13.2 0,SM 43.9 12.4 60
SN 14.7 -17.4 0,SO 2.0 45.3 180,SR 5.9 -55.2 -180,SS 4.9 31.6 120,ST 0.3 6.7 0,SV 13.7 -89.2 -360
SX 18.0 -63.0 -240,SY 33.5 36.3 180,SZ -26.3 31.1 120,TC 21.5 -71.1 -300,TD 12.1 15.0 60,TF -49.4 70.2 300
TG 6.1 1.2 0,TH 13.8 100.5 420,TJ 38.6 68.8 300,TK -9.4 -171.2 780,TL -8.6 125.6 540,TM 37.9 58.4 300
TN 36.8 10.2 60,TO -21.1 -175.2 780,TR 41.0 29.0 180,TT 10.7 -61.5 -240,TV -8.5 179.2 720,TW 25.0 121.6 480
TZ -6.8 39.3 180,UA 50.5 30.5 120,UG 0.3 32.6 180,UM 19.3 166.6 720,US 40.7 -74.0 -300,UY -34.9 -56.2 -180
UZ 41.3 69.3 300,VA 41.9 12.5 60,VC 13.2 -61.2 -240,VE 10.5 -66.9 -240,VG 18.4 -64.6 -240,VI 18.3 -64.9 -240
VN 10.8 106.7 420,VU -17.7 168.3 660,WF -13.3 -176.2 720,WS -13.8 -171.8 780,XK 42.7 21.2 60,YE 15.4 44.2 180
YT -12.8 45.2 180,ZA -26.2 28.0 120,ZM -15.4 28.3 120,ZW -17.8 31.0 120`

/**
 * By code, upper case.
 *
 * What it costs: everything in a country is in one spot and keeps one time. Within Russia or the United States that is wrong by
 * up to several thousand kilometres and several hours, within Belgium by less than two hundred kilometres; two addresses of one
 * country are never apart. Spread inside of a country cannot be seen, spread over countries can.
 */
export const COUNTRY_PLACES: ReadonlyMap<string, CountryPlace> = new Map(
  TABLE.trim()
    .split(/[,\n]/)
    .map((row) => row.split(' '))
    .map(([code, latitude, longitude, offset], row) => [
      code!,
      {
        code: code!,
        latitude: Number(latitude),
        longitude: Number(longitude),
        utcOffsetMinutes: Number(offset),
        row,
      },
    ]),
)
