import 'maplibre-gl/dist/maplibre-gl.css'
import '../shared/base.css'
import './geocode.css'
import { createApp } from 'vue'
import { paintRoot } from '../shared/paint.ts'
import Geocode from './Geocode.vue'

paintRoot()
createApp(Geocode).mount('#geocode')
