package runtime

// Wide is one model as it is generated, with more members than one word has bits for their presence. It is as long as that takes.
type Wide struct {
	F0   string         `json:"f0"`
	F1   string         `json:"f1"`
	F2   string         `json:"f2"`
	F3   string         `json:"f3"`
	F4   string         `json:"f4"`
	F5   string         `json:"f5"`
	F6   string         `json:"f6"`
	F7   string         `json:"f7"`
	F8   string         `json:"f8"`
	F9   string         `json:"f9"`
	F10  string         `json:"f10"`
	F11  string         `json:"f11"`
	F12  string         `json:"f12"`
	F13  string         `json:"f13"`
	F14  string         `json:"f14"`
	F15  string         `json:"f15"`
	F16  string         `json:"f16"`
	F17  string         `json:"f17"`
	F18  string         `json:"f18"`
	F19  string         `json:"f19"`
	F20  string         `json:"f20"`
	F21  string         `json:"f21"`
	F22  string         `json:"f22"`
	F23  string         `json:"f23"`
	F24  string         `json:"f24"`
	F25  string         `json:"f25"`
	F26  string         `json:"f26"`
	F27  string         `json:"f27"`
	F28  string         `json:"f28"`
	F29  string         `json:"f29"`
	F30  string         `json:"f30"`
	F31  string         `json:"f31"`
	F32  string         `json:"f32"`
	F33  string         `json:"f33"`
	F34  string         `json:"f34"`
	F35  string         `json:"f35"`
	F36  string         `json:"f36"`
	F37  string         `json:"f37"`
	F38  string         `json:"f38"`
	F39  string         `json:"f39"`
	F40  string         `json:"f40"`
	F41  string         `json:"f41"`
	F42  string         `json:"f42"`
	F43  string         `json:"f43"`
	F44  string         `json:"f44"`
	F45  string         `json:"f45"`
	F46  string         `json:"f46"`
	F47  string         `json:"f47"`
	F48  string         `json:"f48"`
	F49  string         `json:"f49"`
	F50  string         `json:"f50"`
	F51  string         `json:"f51"`
	F52  string         `json:"f52"`
	F53  string         `json:"f53"`
	F54  string         `json:"f54"`
	F55  string         `json:"f55"`
	F56  string         `json:"f56"`
	F57  string         `json:"f57"`
	F58  string         `json:"f58"`
	F59  string         `json:"f59"`
	F60  string         `json:"f60"`
	F61  string         `json:"f61"`
	F62  string         `json:"f62"`
	F63  string         `json:"f63"`
	F64  string         `json:"f64"`
	F65  string         `json:"f65"`
	F66  string         `json:"f66"`
	F67  string         `json:"f67"`
	F68  AffectedObject `json:"f68"`
	F69  string         `json:"f69"`
	JSON Members        `json:"-"`
}

var shapeOfWide = newShape("Wide", "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "f13", "f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25", "f26", "f27", "f28", "f29", "f30", "f31", "f32", "f33", "f34", "f35", "f36", "f37", "f38", "f39", "f40", "f41", "f42", "f43", "f44", "f45", "f46", "f47", "f48", "f49", "f50", "f51", "f52", "f53", "f54", "f55", "f56", "f57", "f58", "f59", "f60", "f61", "f62", "f63", "f64", "f65", "f66", "f67", "f68", "f69")

func (m *Wide) UnmarshalJSON(data []byte) error {
	fresh := *m
	err := unmarshal(data, &fresh)
	if err == nil {
		*m = fresh
	}
	return err
}

func (m Wide) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *Wide) Clone() *Wide {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *Wide) members() *Members { return &m.JSON }

func (m *Wide) isZero() bool {
	return !(m.F0 != "") && !(m.F1 != "") && !(m.F2 != "") && !(m.F3 != "") && !(m.F4 != "") && !(m.F5 != "") && !(m.F6 != "") && !(m.F7 != "") && !(m.F8 != "") && !(m.F9 != "") && !(m.F10 != "") && !(m.F11 != "") && !(m.F12 != "") && !(m.F13 != "") && !(m.F14 != "") && !(m.F15 != "") && !(m.F16 != "") && !(m.F17 != "") && !(m.F18 != "") && !(m.F19 != "") && !(m.F20 != "") && !(m.F21 != "") && !(m.F22 != "") && !(m.F23 != "") && !(m.F24 != "") && !(m.F25 != "") && !(m.F26 != "") && !(m.F27 != "") && !(m.F28 != "") && !(m.F29 != "") && !(m.F30 != "") && !(m.F31 != "") && !(m.F32 != "") && !(m.F33 != "") && !(m.F34 != "") && !(m.F35 != "") && !(m.F36 != "") && !(m.F37 != "") && !(m.F38 != "") && !(m.F39 != "") && !(m.F40 != "") && !(m.F41 != "") && !(m.F42 != "") && !(m.F43 != "") && !(m.F44 != "") && !(m.F45 != "") && !(m.F46 != "") && !(m.F47 != "") && !(m.F48 != "") && !(m.F49 != "") && !(m.F50 != "") && !(m.F51 != "") && !(m.F52 != "") && !(m.F53 != "") && !(m.F54 != "") && !(m.F55 != "") && !(m.F56 != "") && !(m.F57 != "") && !(m.F58 != "") && !(m.F59 != "") && !(m.F60 != "") && !(m.F61 != "") && !(m.F62 != "") && !(m.F63 != "") && !(m.F64 != "") && !(m.F65 != "") && !(m.F66 != "") && !(m.F67 != "") && m.F68.isZero() && !(m.F69 != "") && m.JSON.isZero()
}

func (m *Wide) detach() {
	detachStrings(&m.F0, &m.F1, &m.F2, &m.F3, &m.F4, &m.F5, &m.F6, &m.F7, &m.F8, &m.F9, &m.F10, &m.F11, &m.F12, &m.F13, &m.F14, &m.F15, &m.F16, &m.F17, &m.F18, &m.F19, &m.F20, &m.F21, &m.F22, &m.F23, &m.F24, &m.F25, &m.F26, &m.F27, &m.F28, &m.F29, &m.F30, &m.F31, &m.F32, &m.F33, &m.F34, &m.F35, &m.F36, &m.F37, &m.F38, &m.F39, &m.F40, &m.F41, &m.F42, &m.F43, &m.F44, &m.F45, &m.F46, &m.F47, &m.F48, &m.F49, &m.F50, &m.F51, &m.F52, &m.F53, &m.F54, &m.F55, &m.F56, &m.F57, &m.F58, &m.F59, &m.F60, &m.F61, &m.F62, &m.F63, &m.F64, &m.F65, &m.F66, &m.F67, &m.F69)
	m.F68.detach()
	m.JSON.detach()
}

func (m *Wide) decodeJSON(d *decoder) {
	*m = Wide{}
	o := d.object(shapeOfWide)
	for o.more() {
		switch o.key {
		case "f0":
			if o.known(0) {
				m.F0 = d.string()
			}
		case "f1":
			if o.known(1) {
				m.F1 = d.string()
			}
		case "f2":
			if o.known(2) {
				m.F2 = d.string()
			}
		case "f3":
			if o.known(3) {
				m.F3 = d.string()
			}
		case "f4":
			if o.known(4) {
				m.F4 = d.string()
			}
		case "f5":
			if o.known(5) {
				m.F5 = d.string()
			}
		case "f6":
			if o.known(6) {
				m.F6 = d.string()
			}
		case "f7":
			if o.known(7) {
				m.F7 = d.string()
			}
		case "f8":
			if o.known(8) {
				m.F8 = d.string()
			}
		case "f9":
			if o.known(9) {
				m.F9 = d.string()
			}
		case "f10":
			if o.known(10) {
				m.F10 = d.string()
			}
		case "f11":
			if o.known(11) {
				m.F11 = d.string()
			}
		case "f12":
			if o.known(12) {
				m.F12 = d.string()
			}
		case "f13":
			if o.known(13) {
				m.F13 = d.string()
			}
		case "f14":
			if o.known(14) {
				m.F14 = d.string()
			}
		case "f15":
			if o.known(15) {
				m.F15 = d.string()
			}
		case "f16":
			if o.known(16) {
				m.F16 = d.string()
			}
		case "f17":
			if o.known(17) {
				m.F17 = d.string()
			}
		case "f18":
			if o.known(18) {
				m.F18 = d.string()
			}
		case "f19":
			if o.known(19) {
				m.F19 = d.string()
			}
		case "f20":
			if o.known(20) {
				m.F20 = d.string()
			}
		case "f21":
			if o.known(21) {
				m.F21 = d.string()
			}
		case "f22":
			if o.known(22) {
				m.F22 = d.string()
			}
		case "f23":
			if o.known(23) {
				m.F23 = d.string()
			}
		case "f24":
			if o.known(24) {
				m.F24 = d.string()
			}
		case "f25":
			if o.known(25) {
				m.F25 = d.string()
			}
		case "f26":
			if o.known(26) {
				m.F26 = d.string()
			}
		case "f27":
			if o.known(27) {
				m.F27 = d.string()
			}
		case "f28":
			if o.known(28) {
				m.F28 = d.string()
			}
		case "f29":
			if o.known(29) {
				m.F29 = d.string()
			}
		case "f30":
			if o.known(30) {
				m.F30 = d.string()
			}
		case "f31":
			if o.known(31) {
				m.F31 = d.string()
			}
		case "f32":
			if o.known(32) {
				m.F32 = d.string()
			}
		case "f33":
			if o.known(33) {
				m.F33 = d.string()
			}
		case "f34":
			if o.known(34) {
				m.F34 = d.string()
			}
		case "f35":
			if o.known(35) {
				m.F35 = d.string()
			}
		case "f36":
			if o.known(36) {
				m.F36 = d.string()
			}
		case "f37":
			if o.known(37) {
				m.F37 = d.string()
			}
		case "f38":
			if o.known(38) {
				m.F38 = d.string()
			}
		case "f39":
			if o.known(39) {
				m.F39 = d.string()
			}
		case "f40":
			if o.known(40) {
				m.F40 = d.string()
			}
		case "f41":
			if o.known(41) {
				m.F41 = d.string()
			}
		case "f42":
			if o.known(42) {
				m.F42 = d.string()
			}
		case "f43":
			if o.known(43) {
				m.F43 = d.string()
			}
		case "f44":
			if o.known(44) {
				m.F44 = d.string()
			}
		case "f45":
			if o.known(45) {
				m.F45 = d.string()
			}
		case "f46":
			if o.known(46) {
				m.F46 = d.string()
			}
		case "f47":
			if o.known(47) {
				m.F47 = d.string()
			}
		case "f48":
			if o.known(48) {
				m.F48 = d.string()
			}
		case "f49":
			if o.known(49) {
				m.F49 = d.string()
			}
		case "f50":
			if o.known(50) {
				m.F50 = d.string()
			}
		case "f51":
			if o.known(51) {
				m.F51 = d.string()
			}
		case "f52":
			if o.known(52) {
				m.F52 = d.string()
			}
		case "f53":
			if o.known(53) {
				m.F53 = d.string()
			}
		case "f54":
			if o.known(54) {
				m.F54 = d.string()
			}
		case "f55":
			if o.known(55) {
				m.F55 = d.string()
			}
		case "f56":
			if o.known(56) {
				m.F56 = d.string()
			}
		case "f57":
			if o.known(57) {
				m.F57 = d.string()
			}
		case "f58":
			if o.known(58) {
				m.F58 = d.string()
			}
		case "f59":
			if o.known(59) {
				m.F59 = d.string()
			}
		case "f60":
			if o.known(60) {
				m.F60 = d.string()
			}
		case "f61":
			if o.known(61) {
				m.F61 = d.string()
			}
		case "f62":
			if o.known(62) {
				m.F62 = d.string()
			}
		case "f63":
			if o.known(63) {
				m.F63 = d.string()
			}
		case "f64":
			if o.known(64) {
				m.F64 = d.string()
			}
		case "f65":
			if o.known(65) {
				m.F65 = d.string()
			}
		case "f66":
			if o.known(66) {
				m.F66 = d.string()
			}
		case "f67":
			if o.known(67) {
				m.F67 = d.string()
			}
		case "f68":
			if o.known(68) {
				m.F68.decodeJSON(d)
			}
		case "f69":
			if o.known(69) {
				m.F69 = d.string()
			}
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *Wide) encodeJSON(e *encoder) {
	o := e.object(shapeOfWide, &m.JSON)
	if o.member(0, optional, m.F0 != "") {
		e.string(m.F0)
	}
	if o.member(1, optional, m.F1 != "") {
		e.string(m.F1)
	}
	if o.member(2, optional, m.F2 != "") {
		e.string(m.F2)
	}
	if o.member(3, optional, m.F3 != "") {
		e.string(m.F3)
	}
	if o.member(4, optional, m.F4 != "") {
		e.string(m.F4)
	}
	if o.member(5, optional, m.F5 != "") {
		e.string(m.F5)
	}
	if o.member(6, optional, m.F6 != "") {
		e.string(m.F6)
	}
	if o.member(7, optional, m.F7 != "") {
		e.string(m.F7)
	}
	if o.member(8, optional, m.F8 != "") {
		e.string(m.F8)
	}
	if o.member(9, optional, m.F9 != "") {
		e.string(m.F9)
	}
	if o.member(10, optional, m.F10 != "") {
		e.string(m.F10)
	}
	if o.member(11, optional, m.F11 != "") {
		e.string(m.F11)
	}
	if o.member(12, optional, m.F12 != "") {
		e.string(m.F12)
	}
	if o.member(13, optional, m.F13 != "") {
		e.string(m.F13)
	}
	if o.member(14, optional, m.F14 != "") {
		e.string(m.F14)
	}
	if o.member(15, optional, m.F15 != "") {
		e.string(m.F15)
	}
	if o.member(16, optional, m.F16 != "") {
		e.string(m.F16)
	}
	if o.member(17, optional, m.F17 != "") {
		e.string(m.F17)
	}
	if o.member(18, optional, m.F18 != "") {
		e.string(m.F18)
	}
	if o.member(19, optional, m.F19 != "") {
		e.string(m.F19)
	}
	if o.member(20, optional, m.F20 != "") {
		e.string(m.F20)
	}
	if o.member(21, optional, m.F21 != "") {
		e.string(m.F21)
	}
	if o.member(22, optional, m.F22 != "") {
		e.string(m.F22)
	}
	if o.member(23, optional, m.F23 != "") {
		e.string(m.F23)
	}
	if o.member(24, optional, m.F24 != "") {
		e.string(m.F24)
	}
	if o.member(25, optional, m.F25 != "") {
		e.string(m.F25)
	}
	if o.member(26, optional, m.F26 != "") {
		e.string(m.F26)
	}
	if o.member(27, optional, m.F27 != "") {
		e.string(m.F27)
	}
	if o.member(28, optional, m.F28 != "") {
		e.string(m.F28)
	}
	if o.member(29, optional, m.F29 != "") {
		e.string(m.F29)
	}
	if o.member(30, optional, m.F30 != "") {
		e.string(m.F30)
	}
	if o.member(31, optional, m.F31 != "") {
		e.string(m.F31)
	}
	if o.member(32, optional, m.F32 != "") {
		e.string(m.F32)
	}
	if o.member(33, optional, m.F33 != "") {
		e.string(m.F33)
	}
	if o.member(34, optional, m.F34 != "") {
		e.string(m.F34)
	}
	if o.member(35, optional, m.F35 != "") {
		e.string(m.F35)
	}
	if o.member(36, optional, m.F36 != "") {
		e.string(m.F36)
	}
	if o.member(37, optional, m.F37 != "") {
		e.string(m.F37)
	}
	if o.member(38, optional, m.F38 != "") {
		e.string(m.F38)
	}
	if o.member(39, optional, m.F39 != "") {
		e.string(m.F39)
	}
	if o.member(40, optional, m.F40 != "") {
		e.string(m.F40)
	}
	if o.member(41, optional, m.F41 != "") {
		e.string(m.F41)
	}
	if o.member(42, optional, m.F42 != "") {
		e.string(m.F42)
	}
	if o.member(43, optional, m.F43 != "") {
		e.string(m.F43)
	}
	if o.member(44, optional, m.F44 != "") {
		e.string(m.F44)
	}
	if o.member(45, optional, m.F45 != "") {
		e.string(m.F45)
	}
	if o.member(46, optional, m.F46 != "") {
		e.string(m.F46)
	}
	if o.member(47, optional, m.F47 != "") {
		e.string(m.F47)
	}
	if o.member(48, optional, m.F48 != "") {
		e.string(m.F48)
	}
	if o.member(49, optional, m.F49 != "") {
		e.string(m.F49)
	}
	if o.member(50, optional, m.F50 != "") {
		e.string(m.F50)
	}
	if o.member(51, optional, m.F51 != "") {
		e.string(m.F51)
	}
	if o.member(52, optional, m.F52 != "") {
		e.string(m.F52)
	}
	if o.member(53, optional, m.F53 != "") {
		e.string(m.F53)
	}
	if o.member(54, optional, m.F54 != "") {
		e.string(m.F54)
	}
	if o.member(55, optional, m.F55 != "") {
		e.string(m.F55)
	}
	if o.member(56, optional, m.F56 != "") {
		e.string(m.F56)
	}
	if o.member(57, optional, m.F57 != "") {
		e.string(m.F57)
	}
	if o.member(58, optional, m.F58 != "") {
		e.string(m.F58)
	}
	if o.member(59, optional, m.F59 != "") {
		e.string(m.F59)
	}
	if o.member(60, optional, m.F60 != "") {
		e.string(m.F60)
	}
	if o.member(61, optional, m.F61 != "") {
		e.string(m.F61)
	}
	if o.member(62, optional, m.F62 != "") {
		e.string(m.F62)
	}
	if o.member(63, optional, m.F63 != "") {
		e.string(m.F63)
	}
	if o.member(64, optional, m.F64 != "") {
		e.string(m.F64)
	}
	if o.member(65, optional, m.F65 != "") {
		e.string(m.F65)
	}
	if o.member(66, optional, m.F66 != "") {
		e.string(m.F66)
	}
	if o.member(67, optional, m.F67 != "") {
		e.string(m.F67)
	}
	if o.member(68, optional, !m.F68.isZero()) {
		m.F68.encodeJSON(e)
	}
	if o.member(69, required, m.F69 != "") {
		e.string(m.F69)
	}
	o.end()
}
