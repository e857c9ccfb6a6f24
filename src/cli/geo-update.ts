// `fluxwatch geo update`: downloads the address databases into the data folder.
import { readConfig } from '../config.ts'
import { updateGeo } from '../enrich/geo-update.ts'
import { ToldError } from './told-error.ts'
